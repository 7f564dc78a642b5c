// SPDX-License-Identifier: Apache-2.0
// The layout of DFEW as planned.
#include <set>
#include <sstream>

#include "layout_plan.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

SynthOptions dfew(int clips) {
  SynthOptions options;
  options.layout = "dfew";
  options.clips = clips;
  return options;
}

TEST(DfewLayout, HasWholeClipsAndClipsOf16FramesFromEndToEnd) {
  const LayoutPlan plan = plan_dfew(dfew(35));
  ASSERT_EQ(plan.clips.size(), 35U);
  for (const PlannedFolders& clip : plan.clips) {
    ASSERT_EQ(clip.folders.size(), 2U);
    EXPECT_THAT(clip.folders[0].path, StartsWith("Clip/clip_224x224/000"));
    EXPECT_EQ(clip.folders[0].names.front(), "1.jpg");
    EXPECT_EQ(clip.folders[1].names.size(), 16U);
    EXPECT_EQ(clip.folders[1].names.back(), "16.jpg");
    EXPECT_EQ(clip.folders[1].pictures.front(), 0U);
    EXPECT_EQ(clip.folders[1].pictures.back() + 1, clip.folders[0].names.size());
  }
}

TEST(DfewLayout, ListsEachClipForTestInOneFoldAndForTrainInTheOthers) {
  const LayoutPlan plan = plan_dfew(dfew(50));
  ASSERT_EQ(plan.lists.size(), 10U);
  std::multiset<std::string> train;
  std::multiset<std::string> test;
  for (const ListFile& list : plan.lists) {
    EXPECT_THAT(list.text, StartsWith("video_name,label\n"));
    std::istringstream lines(list.text.substr(list.text.find('\n') + 1));
    std::set<char> labels;
    for (std::string line; lines >> line;) {
      (list.path.find("/test(") == std::string::npos ? train : test).insert(line);
      labels.insert(line.back());
    }
    EXPECT_EQ(labels.size(), 7U) << list.path;
  }
  EXPECT_EQ(test.size(), 50U);
  EXPECT_EQ(std::set<std::string>(test.begin(), test.end()).size(), 50U);
  for (const std::string& line : test) EXPECT_EQ(train.count(line), 4U);
}

TEST(DfewLayout, RefusesFewerClipsThanFoldsTimesClasses) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted 35"), [] { (void)plan_dfew(dfew(34)); });
}

}  // namespace
}  // namespace ferv::synth
