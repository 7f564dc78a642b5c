// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/frame_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "ferv/base/error.h"
#include "ferv/base/files.h"

namespace ferv::media {

namespace fs = std::filesystem;

std::vector<std::string> frame_names(int frame_count) {
  std::vector<std::string> names;
  for (int frame = 0; frame < frame_count; ++frame)
    names.push_back((frame < 10 ? "0" : "") + std::to_string(frame) + ".jpg");
  return names;
}

/// No sync and no rename as write_file_atomically() has them: here the folder is what is renamed, and syncing
/// each of a million small files would take longer than rendering them.
void write_picture(const fs::path& path, std::span<const std::uint8_t> bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) throw io_error(path, "cannot create", errno);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
    if (count < 0) {
      if (errno == EINTR) continue;
      const int reason = errno;
      ::close(file);
      throw io_error(path, "cannot write", reason);
    }
    written += static_cast<std::size_t>(count);
  }
  if (::close(file) != 0) throw io_error(path, "cannot write", errno);
}

namespace {

/// Whether a file ends as a JPEG ends; a file that was cut off by a crash does not.
bool ends_as_jpeg(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::uint8_t tail[2] = {};
  const bool is_whole =
      ::lseek(file, -2, SEEK_END) >= 0 && ::read(file, tail, 2) == 2 && tail[0] == 0xff && tail[1] == 0xd9;
  ::close(file);
  return is_whole;
}

}  // namespace

bool folder_is_complete(const fs::path& folder, std::span<const std::string> names) {
  std::error_code error;
  std::size_t entries = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    ++entries;
  if (error || entries != names.size()) return false;
  return std::all_of(names.begin(), names.end(),
                     [&](const std::string& name) { return ends_as_jpeg(folder / name); });
}

void move_into_place(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::remove_all(to, error);
  if (error) throw io_error(to, "cannot remove what an unfinished run left", error.value());
  make_folder(to.parent_path());
  fs::rename(from, to, error);
  if (error) throw io_error(to, "cannot rename the finished clip", error.value());
}

}  // namespace ferv::media
