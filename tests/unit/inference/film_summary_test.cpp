// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_summary.h"

#include "matchers.h"
#include "rows.h"

namespace ferv::inference {
namespace {

using test::kThreeClasses;
using test::row_of;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(TimelineSummary, CountsFramesSecondsAndShares) {
  TimelineSummary summary(kThreeClasses);
  // Half a second with a face, one without, and a last frame with one that lasts as long as the one before
  // it.
  for (int i = 0; i < 5; ++i) summary.add(row_of(i, 0.1 * i, 1, i == 0 ? 0 : 1));
  for (int i = 5; i < 15; ++i) summary.add(row_of(i, 0.1 * i, 0, -1));
  summary.add(row_of(15, 1.5, 1, 1));
  EXPECT_EQ(summary.frame_count(), 16);
  EXPECT_EQ(summary.frame_count_with_face(), 6);
  EXPECT_NEAR(summary.duration_s(), 1.6, 1e-9);
  EXPECT_NEAR(summary.with_face_s(), 0.6, 1e-9);
  EXPECT_THAT(summary.label_shares(), ElementsAre(DoubleNear(1.0 / 6, 1e-9), DoubleNear(5.0 / 6, 1e-9), 0));
  EXPECT_EQ(summary.text(), "16 frames, 1.6 s; face in 6 frames, 0.6 s; Sad 83 %, Happy 17 %");
}

TEST(TimelineSummary, FollowsTheClockNotTheFrameCount) {
  TimelineSummary summary(kThreeClasses);
  summary.add(row_of(0, 0, 1, 0));
  summary.add(row_of(1, 3, 1, -1));
  summary.add(row_of(2, 4, 1, -1));
  EXPECT_NEAR(summary.with_face_s(), 3, 1e-9);
  EXPECT_NEAR(summary.duration_s(), 5, 1e-9);
}

TEST(TimelineSummary, CountsFramesWithoutAnAnswerApart) {
  TimelineSummary summary(kThreeClasses);
  summary.add(row_of(0, 0, 1, 1));
  for (int i = 1; i < 4; ++i) summary.add(test::uncertain_row(i, 0.04 * i, 1, 1));
  EXPECT_DOUBLE_EQ(summary.uncertain_share(), 0.75);
  EXPECT_THAT(summary.label_shares(), ElementsAre(0, 0.25, 0));
  EXPECT_THAT(summary.text(), HasSubstr("Sad 25 %, uncertain 75 %"));
}

TEST(TimelineSummary, SaysThatThereIsNoFace) {
  TimelineSummary summary(kThreeClasses);
  for (int i = 0; i < 97; ++i) summary.add(row_of(i, i / 25.0, 1, -1));
  EXPECT_EQ(summary.text(), "no face found in 97 frames, 3.9 s");
  EXPECT_THAT(summary.label_shares(), IsEmpty());
}

TEST(TimelineSummary, LeavesOutTheClockForOnePicture) {
  TimelineSummary summary(kThreeClasses);
  summary.add(row_of(0, 0, 1, 2));
  EXPECT_EQ(summary.text(), "1 frame; face in all frames; Neutral 100 %");
}

TimelineSummary summary_of_two() {
  TimelineSummary summary(kThreeClasses);
  for (const TimelineRow& row : test::rows_of_two()) summary.add(row);
  return summary;
}

TEST(TimelineSummary, CountsFramesOnceHoweverManyFacesTheyShow) {
  const TimelineSummary summary = summary_of_two();
  EXPECT_EQ(summary.frame_count(), 50);
  EXPECT_EQ(summary.frame_count_with_face(), 40);
  EXPECT_NEAR(summary.duration_s(), 5, 1e-9);
  EXPECT_NEAR(summary.with_face_s(), 4, 1e-9);
  EXPECT_EQ(summary.text(),
            "50 frames, 5.0 s; face in 40 frames, 4.0 s; 2 persons; Happy 55 %, Sad 27 %, uncertain 18 %");
}

TEST(PersonSummary, SaysHowLongSomebodyIsSeenAndWithWhichEpisodes) {
  const auto persons = summary_of_two().persons();
  ASSERT_EQ(persons.size(), 2U);
  EXPECT_EQ(persons[0].face_id, 1);
  EXPECT_NEAR(persons[0].on_screen_s, 4, 1e-9);
  EXPECT_EQ(persons[0].frame_count, 40);
  EXPECT_THAT(persons[0].label_shares, ElementsAre(0.75, 0, 0));
  EXPECT_DOUBLE_EQ(persons[0].uncertain_share, 0.25);
  EXPECT_EQ(persons[0].episodes[0].count, 2);
  EXPECT_NEAR(persons[0].episodes[0].longest_s, 2, 1e-9);
  EXPECT_EQ(persons[0].uncertain_episodes.count, 1);
  EXPECT_NEAR(persons[1].first_s, 1, 1e-9);
  EXPECT_NEAR(persons[1].last_s, 2.5, 1e-9);
  EXPECT_EQ(persons[0].text(kThreeClasses),
            "person 1: 4.0 s on screen; Happy 75 % (2 times, longest 2.0 s), uncertain 25 % (1 time, longest "
            "1.0 s)");
}

}  // namespace
}  // namespace ferv::inference
