// SPDX-License-Identifier: Apache-2.0
// Makes ZIP archives for tests, also such as no program would write.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ferv::test {

/// One entry; the optional values are lies that stand in place of the truth.
struct ZipPart {
  std::string name;
  std::string content;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::optional<std::uint32_t> checksum = std::nullopt;
  std::optional<std::uint32_t> size = std::nullopt;
  std::optional<std::uint32_t> stored_size = std::nullopt;
  std::optional<std::uint32_t> header_begin = std::nullopt;
  std::optional<std::string> local_name = std::nullopt;
};

inline void append_number(std::string& bytes, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(i < 8 ? value >> 8 * i & 0xffU : 0);
}

/// The sizes and checksum, which both headers of an entry hold.
inline void append_sizes(std::string& bytes, const ZipPart& part) {
  const auto* content = reinterpret_cast<const Bytef*>(part.content.data());
  append_number(bytes, part.checksum.value_or(crc32_z(0, content, part.content.size())), 4);
  append_number(bytes, part.stored_size.value_or(part.content.size()), 4);
  append_number(bytes, part.size.value_or(part.content.size()), 4);
}

inline std::string make_zip(const std::vector<ZipPart>& parts) {
  std::string bytes;
  std::string directory;
  for (const ZipPart& part : parts) {
    const std::string local_name = part.local_name.value_or(part.name);
    append_number(directory, 0x02014b50, 4);
    append_number(directory, 0, 4);
    append_number(directory, part.flags, 2);
    append_number(directory, part.method, 2);
    append_number(directory, 0, 4);
    append_sizes(directory, part);
    append_number(directory, part.name.size(), 2);
    append_number(directory, 0, 12);
    append_number(directory, part.header_begin.value_or(bytes.size()), 4);
    directory += part.name;

    append_number(bytes, 0x04034b50, 4);
    append_number(bytes, 0, 2);
    append_number(bytes, part.flags, 2);
    append_number(bytes, part.method, 2);
    append_number(bytes, 0, 4);
    append_sizes(bytes, part);
    append_number(bytes, local_name.size(), 2);
    append_number(bytes, 0, 2);
    bytes += local_name + part.content;
  }
  const std::size_t begin = bytes.size();
  bytes += directory;
  append_number(bytes, 0x06054b50, 4);
  append_number(bytes, 0, 4);
  append_number(bytes, parts.size(), 2);
  append_number(bytes, parts.size(), 2);
  append_number(bytes, directory.size(), 4);
  append_number(bytes, begin, 4);
  append_number(bytes, 0, 2);
  return bytes;
}

inline std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// What `work` throws says; "" where it throws nothing.
inline std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace ferv::test
