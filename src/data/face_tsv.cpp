// SPDX-License-Identifier: Apache-2.0
#include "face_tsv.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <unordered_map>

#include "ferv/base/error.h"

namespace ferv::data {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr int kColumnCount = 7;
constexpr std::size_t kIdentityLimit = 128;
constexpr std::size_t kPictureTextLimit = std::size_t{16} << 20;
constexpr std::size_t kClassLimit = 10'000'000;
constexpr std::size_t kNamedLimit = 100;

/// What is known of the line that is being read; a line may be longer than the buffer.
struct Line {
  int tab_count = 0;
  std::string identity;
  bool identity_is_long = false;
  std::uint64_t picture_begin = 0;
  std::uint64_t picture_length = 0;
  char last = '\0';  ///< of the picture's column
  bool is_empty = true;
};

class Indexer {
 public:
  explicit Indexer(FaceSet& set) : set_(set) {}

  void take(const char* bytes, std::size_t count, std::uint64_t offset) {
    std::size_t at = 0;
    while (at < count) {
      const std::size_t length = field_length(bytes + at, count - at);
      take_text({bytes + at, length}, offset + at);
      at += length;
      if (at == count) return;
      if (bytes[at] == '\n') {
        end_line();
      } else {
        ++line_.tab_count;
        line_.is_empty = false;
      }
      ++at;
    }
  }

  void end_line() {
    ++line_number_;
    if (!line_.is_empty) end_filled_line();
    line_ = {};
  }

 private:
  /// Bytes before the next tab or line end. The picture's column is long and has neither: memchr.
  [[nodiscard]] std::size_t field_length(const char* bytes, std::size_t count) const {
    if (const void* end = std::memchr(bytes, '\n', count)) count = static_cast<const char*>(end) - bytes;
    if (const void* end = std::memchr(bytes, '\t', count)) count = static_cast<const char*>(end) - bytes;
    return count;
  }

  void take_text(std::string_view text, std::uint64_t offset) {
    if (text.empty()) return;
    line_.is_empty = false;
    if (line_.tab_count == 0) {
      line_.identity_is_long = line_.identity_is_long || line_.identity.size() + text.size() > kIdentityLimit;
      if (!line_.identity_is_long) line_.identity += text;
    } else if (line_.tab_count == kColumnCount - 1) {
      if (line_.picture_length == 0) line_.picture_begin = offset;
      line_.picture_length += text.size();
      line_.last = text.back();
    }
  }

  [[nodiscard]] std::string fault() const {
    if (line_.tab_count == 0 && (line_.identity.empty() || line_.identity == "\r")) return "";
    if (line_.tab_count != kColumnCount - 1)
      return std::to_string(line_.tab_count + 1) + " columns, wanted " + std::to_string(kColumnCount);
    if (line_.identity_is_long) return "an identity of over " + std::to_string(kIdentityLimit) + " bytes";
    if (line_.identity.empty()) return "no identity";
    if (line_.picture_length == 0) return "no picture";
    if (line_.picture_length > kPictureTextLimit) {
      return "a picture of " + std::to_string(line_.picture_length) + " bytes, the limit is " +
             std::to_string(kPictureTextLimit);
    }
    if (line_.picture_length % 4 != 0) {
      return "a picture of " + std::to_string(line_.picture_length) +
             " characters, base64 has a multiple of four";
    }
    return "";
  }

  void end_filled_line() {
    if (line_.picture_length > 0 && line_.last == '\r') --line_.picture_length;
    const std::string reason = fault();
    if (!reason.empty()) {
      note_damaged_line(set_, line_number_, reason);
      return;
    }
    if (line_.tab_count == 0) return;  // nothing but a carriage return
    const auto [found, is_new] =
        labels_.try_emplace(line_.identity, static_cast<std::int32_t>(labels_.size()));
    if (is_new) {
      if (labels_.size() > kClassLimit)
        throw corrupt_data(set_.tsv, "over " + std::to_string(kClassLimit) + " identities");
      set_.classes.push_back(line_.identity);
    }
    Face face;
    face.label = found->second;
    face.offset = line_.picture_begin;
    face.length = static_cast<std::uint32_t>(line_.picture_length);
    set_.faces.push_back(std::move(face));
  }

  FaceSet& set_;
  Line line_;
  std::uint64_t line_number_ = 0;
  std::unordered_map<std::string, std::int32_t> labels_;
};

/// The value of each base64 character; -1 for all others.
constexpr std::array<signed char, 256> base64_values() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
  return values;
}

}  // namespace

void note_damaged_line(FaceSet& set, std::uint64_t line_number, std::string_view reason) {
  ++set.damaged_count;
  if (set.damaged.size() < kNamedLimit)
    set.damaged.push_back("line " + std::to_string(line_number) + ": " + std::string(reason));
}

bool looks_like_face_tsv(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(std::size_t{1} << 16, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  const std::string_view line = std::string_view(start).substr(0, start.find('\n'));
  return std::count(line.begin(), line.end(), '\t') == kColumnCount - 1;
}

void index_face_tsv(const std::filesystem::path& path, FaceSet& set) {
  set.tsv = path;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw io_error(path, "cannot open", errno);
  Indexer indexer(set);
  std::vector<char> buffer(kBufferBytes);
  std::uint64_t offset = 0;
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto count = static_cast<std::size_t>(file.gcount());
    indexer.take(buffer.data(), count, offset);
    offset += count;
  }
  if (file.bad()) throw io_error(path, "cannot read", errno);
  indexer.end_line();
}

std::vector<std::uint8_t> decode_base64(std::string_view text, const std::string& name) {
  static constexpr std::array<signed char, 256> kValues = base64_values();
  if (text.size() % 4 != 0) {
    throw corrupt_data(name,
                       "base64 of " + std::to_string(text.size()) + " characters, wanted a multiple of four");
  }
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_padding = i >= text.size() - padding;
    const int value = is_padding ? 0 : kValues[static_cast<unsigned char>(text[i])];
    if (value < 0) throw corrupt_data(name, "character " + std::to_string(i) + " is not base64");
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (i % 4 != 3) continue;
    for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(group >> shift));
    group = 0;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace ferv::data
