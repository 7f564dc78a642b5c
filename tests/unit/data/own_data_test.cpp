// SPDX-License-Identifier: Apache-2.0
#include "own_data.h"

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ClipTable, ReadsColumnsByNameInAnyOrder) {
  const test::TemporaryFolder folder;
  write_file_atomically(
      folder / "clips.csv",
      std::string_view("subject,label,clip,split\nann,tense,a/1,train\nbob,calm,a/2,test\n"));
  const ClipIndex index = read_data_set(folder.path(), {.layout = "csv", .scan_frames = false});
  EXPECT_THAT(index.classes, ElementsAre("calm", "tense"));
  ASSERT_EQ(index.clips.size(), 2U);
  EXPECT_EQ(index.clips[0].id, "a/1");
  EXPECT_EQ(index.clips[0].label, 1);
  EXPECT_EQ(index.clips[0].subject, "ann");
  EXPECT_EQ(index.clips[1].split, Split::kTest);
  const ClipIndex ordered =
      read_data_set(folder.path(), {.layout = "csv", .label_order = "tense,calm", .scan_frames = false});
  EXPECT_EQ(ordered.clips[0].label, 0);
}

TEST(ClipTable, NamesTheLineOfAnythingElse) {
  ClipIndex index;
  for (const char* line : {"a", "a,b,train,x", "../a,b,train", "a,,train", "a,b,dev"}) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("t.csv:2"), [&] {
      parse_clip_table("clip,label,split\n" + std::string(line) + "\n", "t.csv", index);
    });
  }
  for (const char* text : {"", "clip,label\n", "path,label\na,b\n"})
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("t.csv"),
                       [&] { parse_clip_table(text, "t.csv", index); });
}

TEST(ClipTable, GivesClipsOrOneErrorForAnyBytes) {
  Random random(8);
  const std::string sound = "clip,label,split\na/1,calm,train\nb,tense,val\n";
  for (int round = 0; round < 2000; ++round) {
    std::string text = sound;
    for (int i = 0; i < 3; ++i) text[random.below(text.size())] = static_cast<char>(random.below(256));
    try {
      ClipIndex index;
      parse_clip_table(text, "t.csv", index);
      EXPECT_FALSE(index.clips.empty());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

TEST(ClassFolders, AreReadWithAndWithoutSplits) {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "flat/tense/a");
  fs::create_directories(folder / "flat/calm/b");
  const ClipIndex flat = read_data_set(folder / "flat", {.layout = "folders", .scan_frames = false});
  EXPECT_THAT(flat.classes, ElementsAre("calm", "tense"));
  EXPECT_EQ(clips_of(flat, Split::kTrain).size(), 2U);
  fs::create_directories(folder / "split/train/tense/a");
  fs::create_directories(folder / "split/test/calm/b");
  const ClipIndex split = read_data_set(folder / "split", {.layout = "folders", .scan_frames = false});
  EXPECT_EQ(clips_of(split, Split::kTest).size(), 1U);
  EXPECT_EQ(split.classes.size(), 2U);
  test::expect_error(ErrorKind::kNotFound, HasSubstr("folders by class"),
                     [&] { (void)read_data_set(folder / "flat/tense/a", {.layout = "folders"}); });
}

}  // namespace
}  // namespace ferv::data
