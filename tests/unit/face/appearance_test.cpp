// SPDX-License-Identifier: Apache-2.0
#include "appearance.h"

#include "matchers.h"
#include "painted_picture.h"

namespace ferv::face {
namespace {

using test::textured_picture;

const media::Rectangle kBox{100, 80, 80, 80};

media::Image brighter(const media::Image& image, int by) {
  media::Image result = image;
  for (auto& value : result.pixels) value = static_cast<std::uint8_t>(std::clamp(int{value} + by, 0, 255));
  return result;
}

TEST(Appearance, IsThatOfItselfAndNotOfAnother) {
  const media::Image picture = textured_picture(320, 240, 1), other = textured_picture(320, 240, 2);
  const Appearance look(picture, kBox);
  EXPECT_NEAR(look.similarity(Appearance(picture, kBox)), 1, 1e-5);
  EXPECT_LT(look.similarity(Appearance(other, kBox)), 0.8);
}

TEST(Appearance, HardlyMindsALampThatFlickers) {
  const media::Image picture = textured_picture(320, 240, 1);
  EXPECT_GT(Appearance(picture, kBox).similarity(Appearance(brighter(picture, 6), kBox)), 0.9);
}

TEST(Appearance, KnowsNothingOutsideThePicture) {
  const media::Image picture = textured_picture(320, 240, 1), other = textured_picture(320, 240, 2);
  const Appearance outside(picture, {-500, -500, 80, 80});
  EXPECT_EQ(outside.similarity(Appearance(other, kBox)), 1);
  // The hair is cut off by the upper edge, the rest is compared.
  const media::Rectangle top{100, 2, 80, 80};
  EXPECT_LT(Appearance(picture, top).similarity(Appearance(other, top)), 0.85);
}

TEST(Appearance, LearnsSlowly) {
  const Appearance first(textured_picture(320, 240, 1), kBox), second(textured_picture(320, 240, 2), kBox);
  Appearance look = first;
  look.learn(second, 0.2);
  EXPECT_GT(look.similarity(first), look.similarity(second));
  for (int i = 0; i < 30; ++i) look.learn(second, 0.2);
  EXPECT_GT(look.similarity(second), 0.99);
}

}  // namespace
}  // namespace ferv::face
