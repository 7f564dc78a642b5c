// SPDX-License-Identifier: Apache-2.0
// The members of a tar: ustar with GNU's long names and the paths of pax headers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ferv::data {

/// A plain file of an archive; `bytes` points into it.
struct TarMember {
  std::string name;
  std::span<const std::uint8_t> bytes;
};

/// All plain files in their order. `path` is for messages. Throws kCorruptData for damaged headers, members
/// that reach past the end, and names that are longer than 4096 bytes.
[[nodiscard]] std::vector<TarMember> parse_tar(std::span<const std::uint8_t> archive,
                                               const std::filesystem::path& path);

/// Header (and long name where one is needed) of a plain file of `size` bytes; the file and tar_padding()
/// follow.
[[nodiscard]] std::vector<std::uint8_t> tar_header(const std::string& name, std::uint64_t size);
/// Zeros up to the next whole block; an archive ends with two blocks of zeros.
[[nodiscard]] std::vector<std::uint8_t> tar_padding(std::uint64_t size);

}  // namespace ferv::data
