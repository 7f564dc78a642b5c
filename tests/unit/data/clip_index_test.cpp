// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/clip_index.h"

#include "matchers.h"

namespace ferv::data {
namespace {

Clip clip(const std::string& id, Split split) {
  Clip value;
  value.id = id;
  value.split = split;
  value.frame_count = 3;
  return value;
}

TEST(FramePath, FollowsTheReleaseOrTheGivenNames) {
  Clip regular = clip("War/Sad/0001", Split::kTrain);
  EXPECT_EQ(frame_path("faces", regular, 7), "faces/War/Sad/0001/07.jpg");
  EXPECT_EQ(frame_path("faces", regular, 12), "faces/War/Sad/0001/12.jpg");
  regular.frame_names = {"a.jpg", "b.jpg"};
  EXPECT_EQ(frame_path("faces", regular, 1), "faces/War/Sad/0001/b.jpg");
}

TEST(Split, HasNames) {
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest})
    EXPECT_EQ(split_from_name(to_string(split)), split);
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("'dev'"),
                     [] { (void)split_from_name("dev"); });
}

TEST(ClipsOf, GivesTheClipsOfASplitInOrder) {
  ClipIndex index;
  index.clips = {clip("A/x/0", Split::kTest), clip("A/x/1", Split::kTrain), clip("A/x/2", Split::kTest)};
  EXPECT_EQ(clips_of(index, Split::kTest), (std::vector<std::size_t>{0, 2}));
}

TEST(SceneOf, IsTheFirstPartOfAFerv39kIdAndNothingElse) {
  EXPECT_EQ(scene_of(clip("War/Sad/0001", Split::kTest)), "War");
  for (const char* id : {"00042", "War", "War/0001", "train/Anger/0001", "War/Sad/0001/x", ""})
    EXPECT_EQ(scene_of(clip(id, Split::kTest)), "") << id;
}

TEST(Fingerprint, ChangesWithAnyClipsFacts) {
  ClipIndex index;
  index.classes = {"Sad"};
  index.clips = {clip("A/Sad/0", Split::kTest)};
  const std::string before = fingerprint(index);
  index.root = "/elsewhere";
  EXPECT_EQ(fingerprint(index), before) << "the place does not count";
  index.clips[0].frame_count = 4;
  EXPECT_NE(fingerprint(index), before);
}

}  // namespace
}  // namespace ferv::data
