// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/data_set.h"

#include <set>

#include "ferv/data/splits.h"
#include "ferv/data/statistics.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

/// Clip n of DFEW has label n % 7 + 1 and is tested in fold n % 5 + 1.
void write_tiny_dfew(const fs::path& root, int clips) {
  Random random(5);
  const media::Image picture = test::tiny_frame(0, 0, random, {});
  for (int n = 0; n < clips; ++n) {
    const std::string id = "000" + std::to_string(n + 10);
    for (int frame = 1; frame <= 12; ++frame) {
      for (const char* folder : {"clip_224x224", "clip_224x224_16f"})
        test::write_tiny_frame(root / "Clip" / folder / id / (std::to_string(frame) + ".jpg"), picture);
    }
  }
  for (int fold = 1; fold <= 5; ++fold) {
    std::string train = "video_name,label\n";
    std::string test = train;
    for (int n = 0; n < clips; ++n)
      (n % 5 + 1 == fold ? test : train) += std::to_string(n + 10) + "," + std::to_string(n % 7 + 1) + "\n";
    const std::string name = "set_" + std::to_string(fold) + ".csv";
    write_file_atomically(root / "EmoLabel_DataSplit/train(single-labeled)" / name, train);
    write_file_atomically(root / "EmoLabel_DataSplit/test(single-labeled)" / name, test);
  }
}

TEST(ReadDataSet, RecognisesFerv39k) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "FERV39k/FERV39k", {.clips_per_cell = 2});
  EXPECT_EQ(recognise_layout(folder.path()), "ferv39k");
  const ClipIndex index = read_data_set(folder.path(), {.setup = "War"});
  EXPECT_EQ(index.layout, "ferv39k");
  EXPECT_EQ(index.clips.size(), 14U);
  EXPECT_EQ(index.clips[0].frame_count, 10);
}

TEST(ReadDataSet, ReadsAFoldOfDfewInNumericFrameOrder) {
  const test::TemporaryFolder folder;
  write_tiny_dfew(folder / "DFEW", 20);
  const ClipIndex index = read_data_set(folder.path(), {.fold = 2});
  EXPECT_EQ(index.layout, "dfew");
  EXPECT_EQ(clips_of(index, Split::kTrain).size(), 16U);
  ASSERT_EQ(clips_of(index, Split::kTest).size(), 4U);
  const Clip& clip = index.clips[clips_of(index, Split::kTest)[0]];
  EXPECT_EQ(clip.id, "00011");
  EXPECT_EQ(clip.label, 1);
  EXPECT_EQ(clip.frame_count, 12);
  EXPECT_EQ(frame_path(index.face_folder, clip, 1).filename(), "2.jpg");
  EXPECT_EQ(frame_path(index.face_folder, clip, 9).filename(), "10.jpg");
  EXPECT_TRUE(statistics(index).scenes.empty());
  const ClipIndex sixteen = read_data_set(folder.path(), {.layout = "dfew", .clips = "16f"});
  EXPECT_EQ(sixteen.face_folder.filename(), "clip_224x224_16f");
}

TEST(ReadDataSet, TestsEachDfewClipInOneFold) {
  const test::TemporaryFolder folder;
  write_tiny_dfew(folder.path(), 20);
  std::set<std::string> tested;
  for (int fold = 1; fold <= 5; ++fold) {
    const ClipIndex index = read_data_set(folder.path(), {.fold = fold, .scan_frames = false});
    for (const std::size_t i : clips_of(index, Split::kTest))
      EXPECT_TRUE(tested.insert(index.clips[i].id).second);
  }
  EXPECT_EQ(tested.size(), 20U);
}

TEST(ReadDataSet, HoldsOutValidationWithoutScenes) {
  const test::TemporaryFolder folder;
  write_tiny_dfew(folder.path(), 70);
  ClipIndex index = read_data_set(folder.path(), {.scan_frames = false});
  hold_out_validation(index, 0.25, 1);
  const Statistics counted = statistics(index);
  for (std::size_t k = 0; k < 7; ++k)
    EXPECT_EQ(counted.all.counts[1][k], 2) << "ceil(0.25 * 8) of class " << k;
}

TEST(ReadDataSet, NeverGuessesBetweenTwo) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "a", {.clips_per_cell = 2});
  write_tiny_dfew(folder / "b", 10);
  test::expect_error(ErrorKind::kCorruptData, AllOf(HasSubstr("ferv39k in"), HasSubstr("dfew in")),
                     [&] { (void)recognise_layout(folder.path()); });
  EXPECT_EQ(read_data_set(folder.path(), {.layout = "dfew"}).layout, "dfew") << "a name decides";
}

TEST(ReadDataSet, NamesWhatItCannotUse) {
  const test::TemporaryFolder folder;
  test::expect_error(ErrorKind::kNotFound, HasSubstr("EmoLabel_DataSplit (dfew)"),
                     [&] { (void)recognise_layout(folder.path()); });
  test::expect_error(ErrorKind::kNotFound, HasSubstr("none"),
                     [&] { (void)read_data_set(folder / "none", {}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("did you mean 'dfew'"),
                     [&] { (void)read_data_set(folder.path(), {.layout = "dfw"}); });
  write_tiny_dfew(folder.path(), 10);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("fold is 6, but layout dfew has 5 folds"),
                     [&] { (void)read_data_set(folder.path(), {.fold = 6}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("has no setups"),
                     [&] { (void)read_data_set(folder.path(), {.setup = "War"}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("'15f'"),
                     [&] { (void)read_data_set(folder.path(), {.clips = "15f"}); });
  fs::remove_all(folder / "Clip/clip_224x224_16f");
  test::expect_error(ErrorKind::kNotFound, HasSubstr("clip_224x224_16f"),
                     [&] { (void)read_data_set(folder.path(), {.clips = "16f"}); });
  fs::remove(folder / "EmoLabel_DataSplit/test(single-labeled)/set_3.csv");
  test::expect_error(ErrorKind::kNotFound, HasSubstr("set_3.csv"),
                     [&] { (void)read_data_set(folder.path(), {.fold = 3}); });
}

TEST(ReadDataSet, KeepsDfewClipsWithoutAFaceInTheIndex) {
  const test::TemporaryFolder folder;
  write_tiny_dfew(folder.path(), 10);
  fs::remove_all(folder / "Clip/clip_224x224/00010");
  EXPECT_EQ(statistics(read_data_set(folder.path(), {})).clips_without_frames, 1);
}

}  // namespace
}  // namespace ferv::data
