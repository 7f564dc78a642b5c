// SPDX-License-Identifier: Apache-2.0
#include "head_pose.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace ferv::synth {
namespace {

HeadPose frontal() {
  HeadPose pose;
  pose.eye_centre_px = {200, 130};
  pose.unit_px = 50;
  return pose;
}

TEST(FaceProjection, OfAFrontalHeadOnlyScales) {
  const FaceProjection projection(frontal());
  const Point point = projection.on_surface({0.4, 1.0});
  EXPECT_NEAR(point.x, 220, 1e-9);
  EXPECT_NEAR(point.y, 180, 1e-9);
  EXPECT_EQ(projection.length_px(0.5), 25);
}

TEST(FaceProjection, TurningMovesTheNoseMoreThanTheOutline) {
  HeadPose pose = frontal();
  pose.yaw_radians = 0.2;
  const FaceProjection projection(pose);
  const double nose = projection.on_surface({0, 0.5}, 0.2).x - 200;
  const double cheek = projection.on_surface({0, 0.5}).x - 200;
  const double outline = projection.on_outline({0, 0.5}).x - 200;
  EXPECT_GT(nose, cheek);
  EXPECT_GT(cheek, outline + 3);
}

TEST(FaceProjection, LeaningTurnsUpIntoSideways) {
  HeadPose pose = frontal();
  pose.roll_radians = std::numbers::pi / 2;
  const FaceProjection projection(pose);
  const Point chin = projection.on_outline({0, 1.45});
  EXPECT_NEAR(chin.x, 200 - 50, 1e-6);
}

TEST(HeadCourse, StaysWithinItsLimitsAndMovesSlowly) {
  constexpr double kRadiansPerDegree = std::numbers::pi / 180;
  Random random(4);
  for (int clip = 0; clip < 100; ++clip) {
    const HeadMotion motion;
    const auto course = draw_head_course(frontal(), motion, 47, random);
    ASSERT_EQ(course.size(), 47U);
    for (std::size_t i = 0; i < course.size(); ++i) {
      EXPECT_LE(std::abs(course[i].yaw_radians),
                (motion.largest_yaw_degrees + motion.sway_degrees) * kRadiansPerDegree + 1e-9);
      EXPECT_LE(std::abs(course[i].eye_centre_px.x - 200), motion.sway_units * 50 + 1e-9);
      if (i == 0) continue;
      EXPECT_LT(std::abs(course[i].eye_centre_px.x - course[i - 1].eye_centre_px.x), 2.0);
    }
  }
}

}  // namespace
}  // namespace ferv::synth
