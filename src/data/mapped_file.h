// SPDX-License-Identifier: Apache-2.0
// A file as memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace ferv::data {

/// Maps a whole file for reading. Throws kNotFound, kIo; kInvalidArgument for a folder.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data_, size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ferv::data
