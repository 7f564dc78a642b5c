// SPDX-License-Identifier: Apache-2.0
#include "event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <chrono>

#include "ferv/base/error.h"
#include "ferv/base/hash.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;

/// Field numbers of Event, Summary, Summary.Value and SessionLog.
enum Field : std::uint32_t {
  kEventWallTime = 1,
  kEventStep = 2,
  kEventFileVersion = 3,
  kEventSummary = 5,
  kEventSessionLog = 7,
  kSummaryValue = 1,
  kValueTag = 1,
  kValueSimpleValue = 2,
  kSessionLogStatus = 1,
};
constexpr std::uint64_t kSessionStart = 1;
enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void append_little_endian(std::string& out, std::uint64_t value, int byte_count) {
  for (int i = 0; i < byte_count; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

void append_key(std::string& out, Field field, WireType type) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3U | type);
}

void append_number(std::string& out, Field field, std::uint64_t value) {
  append_key(out, field, kVarint);
  append_varint(out, value);
}

void append_double(std::string& out, Field field, double value) {
  append_key(out, field, kFixed64);
  append_little_endian(out, std::bit_cast<std::uint64_t>(value), 8);
}

void append_float(std::string& out, Field field, float value) {
  append_key(out, field, kFixed32);
  append_little_endian(out, std::bit_cast<std::uint32_t>(value), 4);
}

void append_bytes(std::string& out, Field field, std::string_view bytes) {
  append_key(out, field, kBytes);
  append_varint(out, bytes.size());
  out += bytes;
}

std::string event_at(std::int64_t step) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string event;
  append_double(event, kEventWallTime, std::chrono::duration<double>(now).count());
  append_number(event, kEventStep, static_cast<std::uint64_t>(step));
  return event;
}

/// TFRecord rotates and shifts its checksums, so that one of data that holds checksums is not a weak one.
std::uint32_t masked_checksum(std::string_view bytes) {
  const std::uint32_t checksum = crc32c({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return std::rotr(checksum, 15) + 0xA282EAD8U;
}

std::size_t event_files_in(const fs::path& folder) {
  std::size_t count = 0;
  std::error_code ignored;  // a folder that is not there is told of when the file is made
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    count += entry.path().filename().string().starts_with("events.out.tfevents.") ? 1 : 0;
  return count;
}

}  // namespace

std::string to_tf_record(std::string_view data) {
  std::string length;
  append_little_endian(length, data.size(), 8);
  std::string record = length;
  append_little_endian(record, masked_checksum(length), 4);
  record += data;
  append_little_endian(record, masked_checksum(data), 4);
  return record;
}

EventFile::EventFile(const fs::path& folder, std::int64_t first_step) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  // TensorBoard reads the files of a folder by name: first by time, within a second by their number.
  path_ = folder / fmt::format("events.out.tfevents.{:010}.ferv.{:06}", seconds, event_files_in(folder));
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw io_error(path_, "cannot create", errno);
  std::string version = event_at(0);
  append_bytes(version, kEventFileVersion, "brain.Event:2");
  std::string start = event_at(first_step);
  std::string session;
  append_number(session, kSessionLogStatus, kSessionStart);
  append_bytes(start, kEventSessionLog, session);
  try {
    write_record(version);
    write_record(start);
  } catch (...) {
    ::close(descriptor_);  // no destructor runs for what was not constructed
    throw;
  }
}

EventFile::~EventFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void EventFile::add(std::int64_t step, std::span<const Scalar> scalars) {
  std::string summary;
  for (const Scalar& scalar : scalars) {
    std::string value;
    append_bytes(value, kValueTag, scalar.tag);
    append_float(value, kValueSimpleValue, static_cast<float>(scalar.value));
    append_bytes(summary, kSummaryValue, value);
  }
  std::string event = event_at(step);
  append_bytes(event, kEventSummary, summary);
  write_record(event);
}

void EventFile::write_record(const std::string& event) {
  const std::string record = to_tf_record(event);
  std::string_view rest = record;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw io_error(path_, "cannot write", errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace ferv::training
