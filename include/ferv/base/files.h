// SPDX-License-Identifier: Apache-2.0
// Reading whole files within a limit, and writing so that a reader never sees half a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ferv {

/// Reads a whole file. Throws kNotFound, kIo, or kCorruptData when it is larger than `limit_bytes`.
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                                  std::size_t limit_bytes = std::size_t{1} << 31);

/// The same as text.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path,
                                         std::size_t limit_bytes = std::size_t{1} << 31);

/// Writes next to `path` under a temporary name, syncs, and renames: after a crash, a full disk or a kill
/// there is the old file or the new one, never a part. Makes missing parent folders. Throws kIo and then
/// leaves neither a temporary file nor a changed `path`; kInvalidArgument where `path` is a folder.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// For output of long work: throws now what write_file_atomically() would throw then. Makes missing parent
/// folders.
void require_writable(const std::filesystem::path& path);

/// The same for content that is written piece by piece.
///
///     AtomicFile file("results.csv");
///     file.write("clip,label\n");
///     file.commit();          // without this the destructor removes the temporary file
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::uint8_t> bytes);
  void write(std::string_view text);
  /// Flushes to disk and renames. Throws kIo. Call once.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// Makes the folder and its parents. Throws kIo with the reason.
void make_folder(const std::filesystem::path& path);

}  // namespace ferv
