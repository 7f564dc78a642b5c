// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "ferv/base/error.h"

namespace ferv {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

template <typename Buffer>
Buffer read_into(const std::filesystem::path& path, std::size_t limit_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw not_found(path, "a file");
    throw io_error(path, "cannot open", errno);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw io_error(path, "cannot stat", errno);
  if (S_ISDIR(status.st_mode)) throw invalid_argument(path.string() + ": is a folder, wanted a file");
  if (status.st_size > 0 && static_cast<std::size_t>(status.st_size) > limit_bytes) {
    throw corrupt_data(path, "has " + std::to_string(status.st_size) + " bytes, the limit is " +
                                 std::to_string(limit_bytes));
  }
  Buffer buffer;
  // Pipes and /proc files report size 0: read until the end, in growing steps.
  std::size_t used = 0;
  buffer.resize(status.st_size > 0 ? static_cast<std::size_t>(status.st_size) + 1 : 65536);
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data() + used, buffer.size() - used);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw io_error(path, "cannot read", errno);
    }
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > limit_bytes) {
      throw corrupt_data(path, "is larger than the limit of " + std::to_string(limit_bytes) + " bytes");
    }
    if (used == buffer.size()) buffer.resize(buffer.size() * 2);
  }
  buffer.resize(used);
  return buffer;
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems refuse to sync a folder; the rename itself is still atomic there.
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::size_t limit_bytes) {
  return read_into<std::vector<std::uint8_t>>(path, limit_bytes);
}

std::string read_text_file(const std::filesystem::path& path, std::size_t limit_bytes) {
  return read_into<std::string>(path, limit_bytes);
}

void make_folder(const std::filesystem::path& path) {
  if (path.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw io_error(path, "cannot make the folder", error.value());
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  static std::atomic<unsigned> counter{0};
  std::error_code ignored;
  if (std::filesystem::is_directory(path_, ignored))
    throw invalid_argument(path_.string() + " is a folder, wanted a file to write");
  make_folder(path_.parent_path());
  temporary_ = path_;
  temporary_ += ".tmp." + std::to_string(::getpid()) + "." + std::to_string(counter.fetch_add(1));
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw io_error(path_, "cannot create", errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::uint8_t> bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(descriptor_, bytes.data() + written, bytes.size() - written);
    if (count < 0) {
      if (errno == EINTR) continue;
      throw io_error(path_, "cannot write", errno);
    }
    written += static_cast<std::size_t>(count);
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void AtomicFile::commit() {
  // A full disk may show itself only here, on sync or close.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) throw io_error(path_, "cannot write", errno);
  const int closed = ::close(descriptor_);
  const int close_errno = errno;
  descriptor_ = -1;
  if (closed != 0) {
    ::unlink(temporary_.c_str());
    throw io_error(path_, "cannot write", close_errno);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int rename_errno = errno;
    ::unlink(temporary_.c_str());
    throw io_error(path_, "cannot rename the finished file", rename_errno);
  }
  sync_folder(path_.parent_path());
}

void require_writable(const std::filesystem::path& path) {
  const AtomicFile never_finished(path);
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  write_file_atomically(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace ferv
