// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/tracking_score.h"

#include <gtest/gtest.h>

namespace ferv::face {
namespace {

const media::Rectangle kLeft{10, 10, 100, 100};
const media::Rectangle kRight{300, 10, 100, 100};

Face found(int id, const media::Rectangle& box) {
  Face face;
  face.id = id;
  face.box = box;
  return face;
}

TrueFrame shown(int shot, std::vector<TrueFace> faces, double timestamp_s = 0) {
  return {timestamp_s, shot, std::move(faces)};
}

TEST(TrackingScorer, FindsNothingWrongWithAPerfectTracker) {
  TrackingScorer scorer;
  for (int i = 0; i < 10; ++i) {
    const int shot = i / 5;
    FrameFaces faces{{found(1 + 2 * shot, kLeft), found(2 + 2 * shot, kRight)}, i == 5};
    scorer.push(shown(shot, {{7, kLeft}, {8, kRight}}, i * 0.04), faces, i * 0.04);
  }
  const TrackingScore& score = scorer.score();
  EXPECT_EQ(score.frames, 10);
  EXPECT_EQ(score.faces, 20);
  EXPECT_EQ(score.faces_missed, 0);
  EXPECT_EQ(score.faces_invented, 0);
  EXPECT_EQ(score.cuts, 1);
  EXPECT_EQ(score.cuts_missed + score.cuts_invented, 0);
  EXPECT_EQ(score.identity_switches + score.identities_carried_over_cuts, 0);
  EXPECT_EQ(score.timestamps_wrong, 0);
}

TEST(TrackingScorer, CountsASwitchEachTimeAPersonGetsAnotherId) {
  TrackingScorer scorer;
  const std::vector<TrueFace> both = {{7, kLeft}, {8, kRight}};
  scorer.push(shown(0, both), {{found(1, kLeft), found(2, kRight)}, false}, 0);
  scorer.push(shown(0, both), {{found(2, kLeft), found(1, kRight)}, false}, 0);
  scorer.push(shown(0, both), {{found(2, kLeft), found(1, kRight)}, false}, 0);
  EXPECT_EQ(scorer.score().identity_switches, 2);
  scorer.push(shown(0, both), {{found(2, kLeft)}, false}, 0);
  scorer.push(shown(0, both), {{found(2, kLeft), found(3, kRight)}, false}, 0);
  EXPECT_EQ(scorer.score().identity_switches, 3) << "a gap between does not excuse it";
  EXPECT_EQ(scorer.score().faces_missed, 1);
}

TEST(TrackingScorer, CountsAnIdThatLivesOnInTheNextShotOnce) {
  TrackingScorer scorer;
  scorer.push(shown(0, {{7, kLeft}}), {{found(1, kLeft)}, false}, 0);
  for (int i = 0; i < 3; ++i) scorer.push(shown(1, {{9, kLeft}}), {{found(1, kLeft)}, false}, 0);
  EXPECT_EQ(scorer.score().identities_carried_over_cuts, 1);
  EXPECT_EQ(scorer.score().identity_switches, 0) << "another person, not another id";
  EXPECT_EQ(scorer.score().cuts_missed, 1);
  scorer.push(shown(1, {}), {{}, true}, 0);
  EXPECT_EQ(scorer.score().cuts_invented, 1);
}

TEST(TrackingScorer, ExcusesFacesThatAreHidden) {
  TrackingScorer scorer;
  scorer.push(shown(0, {{7, kLeft, 0.4}, {8, kRight, 0.9}}), {{}, false}, 0);
  EXPECT_EQ(scorer.score().faces, 1);
  EXPECT_EQ(scorer.score().faces_missed, 1);
  scorer.push(shown(0, {{7, kLeft, 0.4}}), {{found(1, kLeft), found(2, kRight)}, false}, 0);
  EXPECT_EQ(scorer.score().faces_invented, 1) << "that of a hidden face is not invented";
}

TEST(TrackingScorer, HoldsTimesToAMicrosecond) {
  TrackingScorer scorer;
  scorer.push(shown(0, {}, 1.0), {}, 1.0 + 1e-9);
  scorer.push(shown(0, {}, 2.0), {}, 2.001);
  EXPECT_EQ(scorer.score().timestamps_wrong, 1);
  EXPECT_NEAR(scorer.score().largest_timestamp_error_s, 0.001, 1e-9);
}

TEST(TrackingScore, AddsUp) {
  TrackingScore sum;
  TrackingScore one;
  one.frames = 3;
  one.faces_missed = 2;
  one.largest_timestamp_error_s = 0.5;
  sum.add(one);
  sum.add(one);
  EXPECT_EQ(sum.frames, 6);
  EXPECT_EQ(sum.faces_missed, 4);
  EXPECT_EQ(sum.largest_timestamp_error_s, 0.5);
}

}  // namespace
}  // namespace ferv::face
