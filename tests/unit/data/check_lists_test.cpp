// SPDX-License-Identifier: Apache-2.0
#include "check_lists.h"

#include "ferv/data/labels.h"
#include "ferv/data/published_counts.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

/// The whole release, as lists alone.
ClipIndex release() {
  ClipIndex index;
  index.layout = "ferv39k";
  index.classes.assign(expression_names().begin(), expression_names().end());
  for (const PublishedScene& scene : published_scenes()) {
    for (std::size_t k = 0; k < scene.clips.size(); ++k) {
      for (int n = 0; n < scene.clips[k]; ++n) {
        Clip clip;
        clip.id = std::string(scene.name) + "/" + expression_names()[k] + "/" + std::to_string(n);
        clip.label = static_cast<std::int32_t>(k);
        clip.split = n < published_test_clips(scene.clips[k]) ? Split::kTest : Split::kTrain;
        index.clips.push_back(std::move(clip));
      }
    }
  }
  return index;
}

TEST(CheckLists, FindNothingInTheRelease) {
  EXPECT_TRUE(check_lists(release()).empty());
}

TEST(CheckLists, CountHeldOutClipsAsTraining) {
  ClipIndex index = release();
  for (std::size_t i = 0; i < index.clips.size(); i += 3) {
    if (index.clips[i].split == Split::kTrain) index.clips[i].split = Split::kValidation;
  }
  EXPECT_TRUE(check_lists(index).empty());
}

TEST(CheckLists, NameAnEatenLineAndItsCell) {
  ClipIndex index = release();
  index.clips.pop_back();  // a training clip of War/Fear
  const auto problems = check_lists(index);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].kind, ProblemKind::kLostLine);
  EXPECT_THAT(problems[0].message, HasSubstr("31087 clips, the release has 31088"));
  EXPECT_EQ(problems[1].kind, ProblemKind::kWrongCount);
  EXPECT_THAT(problems[1].message, HasSubstr("War/Fear has 95 clips, the release 96"));
  EXPECT_EQ(problems[1].path.filename(), "train_All.csv");
}

TEST(CheckLists, NameBothCellsOfAMovedClip) {
  ClipIndex index = release();
  index.clips.back().label = 0;
  EXPECT_EQ(check_lists(index).size(), 2U);
}

TEST(CountsAreWanted, WhenNearlyAllIsThereOrWhenTold) {
  const ClipIndex all = release();
  EXPECT_TRUE(counts_are_wanted(all, "auto"));
  EXPECT_FALSE(counts_are_wanted(all, "off"));
  ClipIndex small;
  small.layout = "ferv39k";
  EXPECT_FALSE(counts_are_wanted(small, "auto"));
  EXPECT_TRUE(counts_are_wanted(small, "on"));
  small.layout = "dfew";
  for (const char* wanted : {"on", "perhaps"})
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted"),
                       [&] { (void)counts_are_wanted(small, wanted); });
}

}  // namespace
}  // namespace ferv::data
