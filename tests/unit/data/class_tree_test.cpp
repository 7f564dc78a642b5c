// SPDX-License-Identifier: Apache-2.0
#include "class_tree.h"

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::optional<int> one_or_two(const std::string& name) {
  if (name == "one") return 0;
  if (name == "two") return 1;
  return std::nullopt;
}

TEST(ClassTree, TakesFoldersOfFramesInOrderAndLeavesOthersOut) {
  const test::TemporaryFolder folder;
  for (const char* name : {"two/b", "one/a", "three/x", "one/.hidden"})
    fs::create_directories(folder / "train" / name);
  write_file_atomically(folder / "train/one/notes.txt", std::string_view("x"));
  ClipIndex index;
  index.face_folder = folder.path();
  append_class_tree(index, "train", Split::kTest, one_or_two);
  ASSERT_EQ(index.clips.size(), 2U);
  EXPECT_EQ(index.clips[0].id, "train/one/a");
  EXPECT_EQ(index.clips[1].label, 1);
  EXPECT_EQ(index.clips[1].split, Split::kTest);
  EXPECT_FALSE(index.clips_are_films);
}

TEST(ClassTree, TakesFilmsButNotBesideFolders) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "one/a.AVI", std::string_view("x"));
  ClipIndex index;
  index.face_folder = folder.path();
  append_class_tree(index, "", Split::kTrain, one_or_two);
  EXPECT_TRUE(index.clips_are_films);
  EXPECT_EQ(index.clips[0].id, "one/a.AVI");
  fs::create_directories(folder / "two/b");
  ClipIndex mixed;
  mixed.face_folder = folder.path();
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("side by side"),
                     [&] { append_class_tree(mixed, "", Split::kTrain, one_or_two); });
}

}  // namespace
}  // namespace ferv::data
