// SPDX-License-Identifier: Apache-2.0
#include "release_folders.h"

#include "matchers.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

TEST(ChildNamed, KnowsNoCaseAndTakesNoFiles) {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "clip_224X224/Clip_224x224");
  EXPECT_EQ(child_named(folder.path(), {"other", "Clip_224x224"}), folder / "clip_224X224");
  EXPECT_EQ(nested_child_named(folder.path(), {"clip_224x224"}), folder / "clip_224X224/Clip_224x224");
  EXPECT_EQ(child_named(folder.path(), {"clip"}), "");
  EXPECT_EQ(child_named(folder / "none", {"clip"}), "");
}

TEST(FindFolder, TakesTheNearestWithinTheDepth) {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "a/b/c/wanted");
  fs::create_directories(folder / "z/wanted");
  const auto holds_it = [](const fs::path& here) { return !child_named(here, {"wanted"}).empty(); };
  EXPECT_EQ(find_folder(folder.path(), 3, holds_it), folder / "z");
  EXPECT_EQ(find_folder(folder / "a", 1, holds_it), "");
  EXPECT_EQ(find_folder(folder / "a", 2, holds_it), folder / "a/b/c");
}

}  // namespace
}  // namespace ferv::data
