// SPDX-License-Identifier: Apache-2.0
#include "foreign_lists.h"

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/data/labels.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

std::vector<ListedClip> parse(std::string_view text, const std::string& order) {
  return parse_foreign_list(text, "list.txt", class_order(order.empty() ? "dfew" : order), !order.empty());
}

TEST(ForeignList, TakesWhatFollowsTheFrameFolder) {
  const auto clips = parse(
      "/home/x/FERV39k/2_ClipsforFaceCrop/Action/Happy/0015 25 0\n"
      "D:\\data\\2_ClipforFaceCrop\\War\\Sad\\0001 30 1\n/elsewhere/FERV39k/Speech/Fear/0118 29 6\n",
      "dfew");
  ASSERT_EQ(clips.size(), 3U);
  EXPECT_EQ(clips[0].id, "Action/Happy/0015");
  EXPECT_EQ(clips[1].id, "War/Sad/0001");
  EXPECT_EQ(clips[2].id, "Speech/Fear/0118");
  EXPECT_EQ(clips[2].label, 6);
}

TEST(ForeignList, TakesCommasAHeaderAndNames) {
  const auto clips = parse("path,id\nCrime/Angry/0063,0\n", "alphabetical");
  ASSERT_EQ(clips.size(), 1U);
  EXPECT_EQ(clips[0].label, 0);
  EXPECT_EQ(parse("Crime/Angry/0063 Angry\n", "")[0].label, 3) << "names need no order";
}

TEST(ForeignList, RecognisesTheOrderByTheNamesOfFolders) {
  for (const char* text :
       {"Crime/Angry/0063 20 0\nWar/Sad/0001 20 5\n", "Crime/Angry/0063 20 3\nWar/Sad/0001 20 1\n"}) {
    const auto clips = parse(text, "");
    EXPECT_EQ(clips[0].label, 3) << text;
    EXPECT_EQ(clips[1].label, 1) << text;
  }
  for (const char* text :
       {"Crime/Angry/0063 20 0\nWar/Sad/0001 20 0\n", "Crime/Angry/0063 20 0\nCrime/Angry/0064 20 1\n"})
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("list.txt:2"), [&] { (void)parse(text, ""); });
}

TEST(ForeignList, RefusesNumbersThatNothingExplainsAndAWrongOrder) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted a label order"),
                     [] { (void)parse("clip_224x224/00001 144 1\n", ""); });
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("label is Happy but the clip lies in Angry"),
                     [] { (void)parse("Crime/Angry/0063,0\n", "dfew"); });
}

TEST(ForeignList, NamesTheLineOfAnythingElse) {
  for (const char* line :
       {"x", "a b c d", "War/Sad/0001 x 1", "../../etc 3 1", "War/Sad/0001 20 7", "War/Sad/0001 Bored"}) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("list.txt:2"),
                       [&] { (void)parse("War/Sad/0000 20 1\n" + std::string(line) + "\n", "dfew"); });
  }
}

TEST(ForeignList, GivesClipsOrOneErrorForAnyBytes) {
  Random random(8);
  const std::string sound = "/x/2_ClipsforFaceCrop/War/Sad/0015 25 1\nWar/Fear/0001,6\n";
  for (int round = 0; round < 2000; ++round) {
    std::string text = sound;
    for (int i = 0; i < 3; ++i) text[random.below(text.size())] = static_cast<char>(random.below(256));
    try {
      for (const ListedClip& clip : parse(text, "dfew"))
        EXPECT_TRUE(clip.label < 7 && !clip.id.starts_with("/"));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

TEST(ForeignLists, BringFerv39ksClassesIntoFervsOrder) {
  const test::TemporaryFolder folder;
  make_folder(folder / "FERV39k/2_ClipsforFaceCrop/War/Sad/0001");
  write_file_atomically(folder / "train.csv", std::string_view("path,id\nWar/Sad/0001,5\n"));
  const ClipIndex index = read_data_set(folder.path(), {.layout = "lists",
                                                        .label_order = "alphabetical",
                                                        .train_list = folder / "train.csv",
                                                        .scan_frames = false});
  EXPECT_EQ(index.classes[0], "Happy");
  EXPECT_EQ(index.clips[0].label, 1);
  EXPECT_EQ(index.face_folder, folder / "FERV39k/2_ClipsforFaceCrop");
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wants a train list"),
                     [&] { (void)read_data_set(folder.path(), {.layout = "lists"}); });
}

}  // namespace
}  // namespace ferv::data
