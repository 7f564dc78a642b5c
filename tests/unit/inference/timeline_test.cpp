// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/timeline.h"

#include <gmock/gmock.h>

namespace ferv::inference {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kClasses = {"Happy", "Sad", "Neutral"};

TimelineRow row_with(std::int64_t frame, double timestamp_s, int label) {
  TimelineRow row;
  row.frame = frame;
  row.timestamp_s = timestamp_s;
  if (label >= 0) {
    row.face_id = 1;
    row.label = label;
    row.probabilities = {0.1, 0.1, 0.1};
    row.probabilities[static_cast<std::size_t>(label)] = 0.8;
  }
  return row;
}

TEST(TimelineCsv, HasAColumnForEveryClass) {
  EXPECT_EQ(timeline_header(kClasses), "frame,timestamp_s,face,label,p_Happy,p_Sad,p_Neutral\n");
}

TEST(TimelineCsv, WritesWhatIsKnownAndNothingElse) {
  EXPECT_EQ(timeline_line(row_with(7, 0.28, 1), kClasses), "7,0.280000,1,Sad,0.100000,0.800000,0.100000\n");
  EXPECT_EQ(timeline_line(row_with(8, 0.32, -1), kClasses), "8,0.320000,0,,,,\n")
      << "no face: empty, never zero";
}

TEST(TimelineSummary, CountsFramesSecondsAndShares) {
  TimelineSummary summary(kClasses);
  // Half a second with a face, one without, and a last frame with one that lasts as long as the one before
  // it.
  for (int i = 0; i < 5; ++i) summary.add(row_with(i, 0.1 * i, i == 0 ? 0 : 1));
  for (int i = 5; i < 15; ++i) summary.add(row_with(i, 0.1 * i, -1));
  summary.add(row_with(15, 1.5, 1));
  EXPECT_EQ(summary.frame_count(), 16);
  EXPECT_EQ(summary.frame_count_with_face(), 6);
  EXPECT_NEAR(summary.duration_s(), 1.6, 1e-9);
  EXPECT_NEAR(summary.with_face_s(), 0.6, 1e-9);
  EXPECT_THAT(summary.label_shares(), ElementsAre(DoubleNear(1.0 / 6, 1e-9), DoubleNear(5.0 / 6, 1e-9), 0));
  EXPECT_EQ(summary.text(), "16 frames, 1.6 s; face in 6 frames, 0.6 s; Sad 83 %, Happy 17 %");
}

TEST(TimelineSummary, FollowsTheClockNotTheFrameCount) {
  TimelineSummary summary(kClasses);
  summary.add(row_with(0, 0, 0));
  summary.add(row_with(1, 3, -1));
  summary.add(row_with(2, 4, -1));
  EXPECT_NEAR(summary.with_face_s(), 3, 1e-9);
  EXPECT_NEAR(summary.duration_s(), 5, 1e-9);
}

TEST(TimelineSummary, CountsFramesWithoutAnAnswerApart) {
  TimelineSummary summary(kClasses);
  TimelineRow row = row_with(0, 0, 1);
  summary.add(row);
  row = row_with(1, 0.04, 1);
  row.is_uncertain = true;
  for (int i = 0; i < 3; ++i) summary.add(row);
  EXPECT_DOUBLE_EQ(summary.uncertain_share(), 0.75);
  EXPECT_THAT(summary.label_shares(), ElementsAre(0, 0.25, 0));
  EXPECT_THAT(summary.text(), HasSubstr("Sad 25 %, uncertain 75 %"));
  EXPECT_THAT(timeline_line(row, kClasses), HasSubstr(",uncertain,"));
}

TEST(TimelineSummary, SaysThatThereIsNoFace) {
  TimelineSummary summary(kClasses);
  for (int i = 0; i < 97; ++i) summary.add(row_with(i, i / 25.0, -1));
  EXPECT_EQ(summary.text(), "no face found in 97 frames, 3.9 s");
  EXPECT_THAT(summary.label_shares(), IsEmpty());
}

TEST(TimelineSummary, LeavesOutTheClockForOnePicture) {
  TimelineSummary summary(kClasses);
  summary.add(row_with(0, 0, 2));
  EXPECT_EQ(summary.text(), "1 frame; face in all frames; Neutral 100 %");
}

TEST(Notice, SpeaksOfAppearance) {
  EXPECT_THAT(std::string(prediction_notice()), HasSubstr("not what a person feels"));
}

}  // namespace
}  // namespace ferv::inference
