// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/statistics.h"

#include "matchers.h"

namespace ferv::data {
namespace {

Clip clip(const std::string& id, int label, int frame_count, Split split) {
  Clip value;
  value.id = id;
  value.label = label;
  value.frame_count = frame_count;
  value.split = split;
  return value;
}

TEST(Statistics, CountsByEverything) {
  ClipIndex index;
  index.classes = {"A", "B"};
  index.clips = {clip("War/A/0", 0, 8, Split::kTrain), clip("War/B/0", 1, 12, Split::kTest),
                 clip("Argue/B/0", 1, 20, Split::kTest), clip("Elsewhere/A/0", 0, 0, Split::kTrain)};
  const Statistics result = statistics(index);
  EXPECT_EQ(result.all.counts[0], (std::vector<std::int64_t>{2, 0}));
  EXPECT_EQ(result.all.counts[2], (std::vector<std::int64_t>{0, 2}));
  ASSERT_EQ(result.scenes.size(), 2U) << "Elsewhere is no scene of FERV39k";
  EXPECT_EQ(result.scenes[0].name, "Argue");
  ASSERT_EQ(result.scenarios.size(), 2U);
  EXPECT_EQ(result.scenarios[0].name, "DL11k");
  EXPECT_EQ(result.clips_without_frames, 1);
  EXPECT_EQ(result.frame_min, 8);
  EXPECT_EQ(result.frame_median, 12);
  EXPECT_EQ(result.frame_max, 20);
  EXPECT_EQ(result.frame_total, 40);
}

}  // namespace
}  // namespace ferv::data
