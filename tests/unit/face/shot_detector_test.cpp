// SPDX-License-Identifier: Apache-2.0
#include "shot_detector.h"

#include <gtest/gtest.h>

#include "painted_picture.h"

namespace ferv::face {
namespace {

media::Image brighter(const media::Image& image, int by) {
  media::Image result = image;
  for (auto& value : result.pixels) value = static_cast<std::uint8_t>(std::clamp(value + by, 0, 255));
  return result;
}

TEST(ShotDetector, TakesTheFirstFrameAndRepeatsForNoCut) {
  ShotDetector detector;
  const media::Image image = test::textured_picture(160, 120, 1);
  EXPECT_FALSE(detector.push(image));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(detector.push(image));
}

TEST(ShotDetector, SeesACutBetweenDifferentPictures) {
  int seen = 0;
  constexpr int kPairs = 20;
  for (std::uint64_t seed = 0; seed < kPairs; ++seed) {
    ShotDetector detector;
    (void)detector.push(test::textured_picture(160, 120, 2 * seed));
    if (detector.push(test::textured_picture(160, 120, 2 * seed + 1))) ++seen;
  }
  EXPECT_GE(seen, kPairs - 2) << "two pictures of like colours may pass for one";
}

TEST(ShotDetector, IsNotFooledByMovementOrLight) {
  const media::Image wide = test::textured_picture(400, 120, 3);
  ShotDetector panning;
  for (int shift = 0; shift < 200; shift += 12) {
    const media::Image view =
        media::crop_and_resize(wide, {static_cast<double>(shift), 0, 160, 120}, 160, 120);
    EXPECT_FALSE(panning.push(view)) << shift;
  }
  ShotDetector lit;
  const media::Image image = test::textured_picture(160, 120, 4);
  for (const int by : {0, 8, 16, 24, 16, 8, 0, -8, -16}) EXPECT_FALSE(lit.push(brighter(image, by))) << by;
  ShotDetector passing;
  for (int x = -40; x < 160; x += 10) {
    media::Image frame = image;
    test::paste(frame, test::textured_picture(40, 60, 5), x, 30);
    EXPECT_FALSE(passing.push(frame)) << x;
  }
}

TEST(ShotDetector, SeesThatSomebodyElseIsInTheSamePlace) {
  const media::Image place = test::textured_picture(160, 120, 4);
  media::Image first = place, second = place;
  test::paste(first, test::textured_picture(80, 90, 6), 40, 30);
  test::paste(second, test::textured_picture(80, 90, 7), 40, 30);
  ShotDetector detector;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(detector.push(first));
  EXPECT_TRUE(detector.push(second));
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(detector.push(second));
}

}  // namespace
}  // namespace ferv::face
