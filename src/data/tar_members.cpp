// SPDX-License-Identifier: Apache-2.0
#include "tar_members.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include "ferv/base/error.h"

namespace ferv::data {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameLimit = 4096;
constexpr char kLongName[] = "././@LongLink";

// Places of the fields in a header block.
constexpr std::size_t kNameAt = 0, kNameSize = 100;
constexpr std::size_t kSizeAt = 124, kSizeSize = 12;
constexpr std::size_t kChecksumAt = 148, kChecksumSize = 8;
constexpr std::size_t kTypeAt = 156;
constexpr std::size_t kMagicAt = 257;
constexpr std::size_t kPrefixAt = 345, kPrefixSize = 155;

std::string text_field(std::span<const std::uint8_t> block, std::size_t at, std::size_t size) {
  const auto field = block.subspan(at, size);
  return {field.begin(), std::find(field.begin(), field.end(), 0)};
}

/// Octal digits with blanks around, or GNU's base 256 for what does not fit them.
std::uint64_t number_field(std::span<const std::uint8_t> field, bool& is_number) {
  std::uint64_t value = 0;
  if ((field[0] & 0x80) != 0) {
    for (std::size_t i = field.size() - 8; i < field.size(); ++i) value = value << 8 | field[i];
    return value;
  }
  for (const std::uint8_t digit : field) {
    if (digit == ' ' || digit == 0) continue;
    is_number = is_number && digit >= '0' && digit <= '7';
    value = value * 8 + (digit & 7U);
  }
  return value;
}

/// The sum of a header's bytes, its own field taken as blanks.
std::uint64_t checksum_of(std::span<const std::uint8_t> block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i)
    sum += i >= kChecksumAt && i < kChecksumAt + kChecksumSize ? std::uint8_t{' '} : block[i];
  return sum;
}

/// The `path` of a pax header's records "<length> <key>=<value>\n"; "" when there is none.
std::string pax_path(std::span<const std::uint8_t> records) {
  std::string_view text(reinterpret_cast<const char*>(records.data()), records.size());
  while (!text.empty()) {
    std::size_t length = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 8 && text[digits] >= '0' && text[digits] <= '9')
      length = length * 10 + static_cast<std::size_t>(text[digits++] - '0');
    if (digits == 0 || length <= digits + 1 || length > text.size()) return {};
    const std::string_view record = text.substr(digits + 1, length - digits - 2);
    if (record.starts_with("path=")) return std::string(record.substr(5));
    text.remove_prefix(length);
  }
  return {};
}

std::vector<std::uint8_t> header_block(const std::string& name, std::uint64_t size, char type) {
  std::vector<std::uint8_t> block(kBlock, 0);
  std::memcpy(block.data() + kNameAt, name.data(), std::min(name.size(), kNameSize));
  char number[32];
  const auto put = [&](std::size_t at, int width, unsigned long long value) {
    std::snprintf(number, sizeof number, "%0*llo", width - 1, value);
    std::memcpy(block.data() + at, number, static_cast<std::size_t>(width));
  };
  put(100, 8, 0644);
  put(108, 8, 0);
  put(116, 8, 0);
  put(kSizeAt, 12, size);
  put(136, 12, 0);  // no time: the same data give the same bytes
  block[kTypeAt] = static_cast<std::uint8_t>(type);
  std::memcpy(block.data() + kMagicAt, "ustar\00000", 8);
  std::snprintf(number, sizeof number, "%06llo", static_cast<unsigned long long>(checksum_of(block)));
  std::memcpy(block.data() + kChecksumAt, number, 7);
  block[kChecksumAt + 7] = ' ';
  return block;
}

}  // namespace

std::vector<TarMember> parse_tar(std::span<const std::uint8_t> archive, const std::filesystem::path& path) {
  std::vector<TarMember> members;
  std::string long_name;
  std::size_t at = 0;
  while (at < archive.size()) {
    const std::string place = "the tar's header at byte " + std::to_string(at);
    if (archive.size() - at < kBlock) throw corrupt_data(path, "ends within " + place);
    const auto block = archive.subspan(at, kBlock);
    if (std::all_of(block.begin(), block.end(), [](std::uint8_t b) { return b == 0; })) break;
    bool is_number = true;
    const std::uint64_t wanted = number_field(block.subspan(kChecksumAt, kChecksumSize), is_number);
    if (!is_number || wanted != checksum_of(block)) throw corrupt_data(path, place + " is damaged or none");
    const std::uint64_t size = number_field(block.subspan(kSizeAt, kSizeSize), is_number);
    at += kBlock;
    if (!is_number || size > archive.size() - at)
      throw corrupt_data(path, "ends within the member after " + place);
    const auto bytes = archive.subspan(at, size);
    at += size;
    at += std::min<std::uint64_t>((kBlock - size % kBlock) % kBlock, archive.size() - at);
    const auto type = static_cast<char>(block[kTypeAt]);
    if (type == 'L' || type == 'x') {
      if (size > 16 * kNameLimit)
        throw corrupt_data(path, place + " has a name of " + std::to_string(size) + " bytes");
      long_name = type == 'x' ? pax_path(bytes)
                              : std::string(bytes.begin(), std::find(bytes.begin(), bytes.end(), 0));
      continue;
    }
    std::string name = std::exchange(long_name, {});
    if (type != '0' && type != 0) continue;
    if (name.empty()) {
      name = text_field(block, kNameAt, kNameSize);
      const bool is_ustar = std::memcmp(block.data() + kMagicAt, "ustar\0", 6) == 0;
      const std::string prefix = is_ustar ? text_field(block, kPrefixAt, kPrefixSize) : "";
      if (!prefix.empty()) name = prefix + "/" + name;
    }
    if (name.size() > kNameLimit)
      throw corrupt_data(path, place + " has a name of " + std::to_string(name.size()) + " bytes");
    members.push_back({std::move(name), bytes});
  }
  return members;
}

std::vector<std::uint8_t> tar_header(const std::string& name, std::uint64_t size) {
  std::vector<std::uint8_t> bytes;
  const auto append = [&](const std::vector<std::uint8_t>& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  if (name.size() > kNameSize) {
    append(header_block(kLongName, name.size() + 1, 'L'));
    bytes.insert(bytes.end(), name.begin(), name.end());
    bytes.push_back(0);
    append(tar_padding(name.size() + 1));
  }
  append(header_block(name, size, '0'));
  return bytes;
}

std::vector<std::uint8_t> tar_padding(std::uint64_t size) {
  return std::vector<std::uint8_t>((kBlock - size % kBlock) % kBlock, 0);
}

}  // namespace ferv::data
