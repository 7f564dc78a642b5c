// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/files.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "matchers.h"

namespace ferv {
namespace {

using testing::HasSubstr;

std::size_t entry_count(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(AtomicFile, AppearsOnlyWhenCommitted) {
  const test::TemporaryFolder folder;
  {
    AtomicFile file(folder / "a/b.txt");
    file.write("half");
    EXPECT_FALSE(std::filesystem::exists(folder / "a/b.txt"));
  }
  EXPECT_EQ(entry_count(folder / "a"), 0U) << "an abandoned file leaves nothing behind";
  AtomicFile file(folder / "a/b.txt");
  file.write("whole");
  file.commit();
  EXPECT_EQ(read_text_file(folder / "a/b.txt"), "whole");
  EXPECT_EQ(entry_count(folder / "a"), 1U);
}

TEST(RequireWritable, LeavesNothingAndSaysWhatCannotBeWritten) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "x", std::string_view("old"));
  require_writable(folder / "x");
  require_writable(folder / "y");
  EXPECT_EQ(read_text_file(folder / "x"), "old");
  EXPECT_EQ(entry_count(folder.path()), 1U);
  test::expect_error(ErrorKind::kIo, HasSubstr("/proc/none"), [] { require_writable("/proc/none"); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("is a folder"),
                     [&] { require_writable(folder.path()); });
}

TEST(AtomicFile, KeepsTheOldFileWhenWritingFails) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "x", std::string_view("old"));
  // A file-size limit in a child process stands in for a full disk: write() fails after some bytes.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file_atomically(folder / "x", std::string(5000, 'n'));
      ::_exit(1);
    } catch (const Error& error) {
      ::_exit(error.kind() == ErrorKind::kIo ? 0 : 2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(read_text_file(folder / "x"), "old");
  EXPECT_EQ(entry_count(folder.path()), 1U);
}

TEST(ReadFile, SaysWhatIsWrong) {
  const test::TemporaryFolder folder;
  test::expect_error(ErrorKind::kNotFound, HasSubstr("not found"), [&] { (void)read_file(folder / "none"); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("is a folder"),
                     [&] { (void)read_file(folder.path()); });
  write_file_atomically(folder / "big", std::string_view("0123456789"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("limit is 5"),
                     [&] { (void)read_file(folder / "big", 5); });
  EXPECT_EQ(read_file(folder / "big", 10).size(), 10U);
}

TEST(ReadFile, ReadsFilesWithoutASize) {
  EXPECT_THAT(read_text_file("/proc/self/status"), HasSubstr("Name:"));
}

}  // namespace
}  // namespace ferv
