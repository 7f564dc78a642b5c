// SPDX-License-Identifier: Apache-2.0
// A ZIP archive in memory whose entries are stored as they are: the container of PyTorch's checkpoints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::weights {

/// Reads the central directory of a ZIP archive (PKWARE APPNOTE 6.3, with ZIP64) that somebody else may have
/// made with bad intent. Nothing is allocated from a size that the archive claims; every place is checked
/// against the bytes that are there. All functions throw std::runtime_error with value found and value
/// wanted.
class ZipArchive {
 public:
  struct Entry {
    std::string name;
    std::uint64_t size = 0;         ///< of the content, in bytes
    std::uint64_t stored_size = 0;  ///< of what lies in the archive: the same, where nothing is compressed
    std::uint64_t header_begin = 0;
    std::uint64_t data_begin = 0;
    std::uint32_t checksum = 0;  ///< CRC-32 of the content
    std::uint16_t method = 0;    ///< 0 is stored, 8 deflate
    bool is_encrypted = false;
  };

  /// `bytes` must outlive the archive. Refuses damaged directories, names that stand twice, and entries that
  /// overlap or lie outside.
  explicit ZipArchive(std::span<const std::uint8_t> bytes);

  /// Sorted by name.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The content of an entry, without a copy. Refuses one that is absent, compressed or encrypted, and one
  /// whose bytes do not give its checksum.
  [[nodiscard]] std::span<const std::uint8_t> content_of(std::string_view name) const;

 private:
  struct Directory {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    std::uint64_t count = 0;
  };

  [[nodiscard]] const Entry* find(std::string_view name) const;
  [[nodiscard]] Directory find_directory() const;
  void read_directory(const Directory& directory);
  void place(Entry& entry, std::uint64_t directory_begin) const;
  void check_places() const;

  std::span<const std::uint8_t> bytes_;
  std::vector<Entry> entries_;
};

}  // namespace ferv::weights
