// SPDX-License-Identifier: Apache-2.0
#include "mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ferv/base/error.h"

namespace ferv::data {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw not_found(path, "a file");
    throw io_error(path, "cannot open", errno);
  }
  struct stat status {};
  const bool is_known = ::fstat(file, &status) == 0;
  int reason = errno;
  if (is_known && S_ISDIR(status.st_mode)) {
    ::close(file);
    throw invalid_argument(path.string() + ": is a folder, wanted a file");
  }
  void* address = MAP_FAILED;
  if (is_known) {
    size_ = static_cast<std::size_t>(status.st_size);
    // Nothing can be mapped of an empty file.
    address = size_ == 0 ? nullptr : ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0);
    reason = errno;
  }
  ::close(file);
  if (address == MAP_FAILED) throw io_error(path, "cannot map", reason);
  data_ = static_cast<const std::uint8_t*>(address);
}

MappedFile::~MappedFile() {
  if (size_ > 0) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

}  // namespace ferv::data
