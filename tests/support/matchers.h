// SPDX-License-Identifier: Apache-2.0
// What many tests need: a temporary folder, "throws this kind with this text", and where the shared data
// lies.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "ferv/base/error.h"

namespace ferv::test {

/// A fresh folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ferv_test_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Folder with facts/, data/ and samples/, or empty where this checkout has none.
inline std::filesystem::path shared_folder() {
  const std::filesystem::path path = FERV_SHARED_DIR;
  return std::filesystem::exists(path / "facts") ? path : std::filesystem::path();
}

/// Expects `work` to throw ferv::Error of `kind` with a message that matches.
template <typename Work>
void expect_error(ErrorKind kind, const testing::Matcher<std::string>& message, Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.kind()), to_string(kind)) << error.what();
    EXPECT_THAT(std::string(error.what()), message);
    return;
  }
  ADD_FAILURE() << "no error was thrown, wanted " << to_string(kind);
}

}  // namespace ferv::test

/// Skips a test, in sight, where the shared data folder is absent.
#define FERV_REQUIRE_SHARED() \
  if (ferv::test::shared_folder().empty()) GTEST_SKIP() << "no shared data folder beside the project"
