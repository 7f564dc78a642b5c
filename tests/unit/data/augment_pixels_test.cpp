// SPDX-License-Identifier: Apache-2.0
#include "augment_pixels.h"

#include <cmath>
#include <numbers>

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using Pixels = std::vector<std::uint8_t>;

Pixels noise(std::size_t bytes) {
  Random random(3);
  Pixels pixels(bytes);
  for (std::uint8_t& value : pixels) value = static_cast<std::uint8_t>(random.next());
  return pixels;
}

Pixels coloured(Pixels pixels, const ColourChange& change) {
  apply_colour(pixels, colour_matrix(change));
  return pixels;
}

TEST(ApplyColour, ChangesNothingAtStrengthOne) {
  EXPECT_EQ(coloured(noise(3000), {}), noise(3000));
}

TEST(ApplyColour, DoesWhatItsWordsSay) {
  const Pixels colour = {100, 50, 20};
  EXPECT_EQ(coloured(colour, {.brightness = 1.5}), (Pixels{150, 75, 30}));
  EXPECT_EQ(coloured(colour, {.brightness = 9}), (Pixels{255, 255, 180}));
  // 127.5 - 2 * 27.5, ...; below black is black.
  EXPECT_EQ(coloured(colour, {.contrast = 2}), (Pixels{73, 0, 0}));
  const auto luma = static_cast<std::uint8_t>(std::lround(0.299 * 100 + 0.587 * 50 + 0.114 * 20));
  EXPECT_EQ(coloured(colour, {.saturation = 0}), Pixels(3, luma));
}

TEST(ApplyColour, TurnsHueAndLeavesGreysAlone) {
  for (double turn = -0.5; turn <= 0.5; turn += 0.1) {
    const Pixels grey = coloured({90, 90, 90}, {.hue_turn = turn});
    for (const std::uint8_t value : grey) EXPECT_NEAR(value, 90, 1);
  }
  const Pixels third = coloured({160, 100, 100}, {.hue_turn = 1.0 / 3});
  const Pixels back = coloured(third, {.hue_turn = -1.0 / 3});
  EXPECT_NEAR(back[0], 160, 2);
  EXPECT_NEAR(back[1], 100, 2);
  EXPECT_NE(third[0], 160);
}

TEST(RotateFrame, OfAQuarterTurnMovesEveryPixelExactly) {
  const Pixels original = noise(9 * 9 * 3);
  Pixels turned = original;
  Pixels scratch;
  rotate_frame({turned.data(), 1, 9, 9}, std::numbers::pi / 2, scratch);
  // Counter-clockwise: the right column becomes the top row.
  for (std::size_t k = 0; k < 9; ++k) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(turned[k * 3 + c], original[(k * 9 + 8) * 3 + c], 1);
  }
}

TEST(RotateFrame, ByNothingChangesNothing) {
  Pixels pixels = noise(12 * 7 * 3);
  Pixels scratch;
  rotate_frame({pixels.data(), 1, 12, 7}, 0, scratch);
  EXPECT_EQ(pixels, noise(12 * 7 * 3));
}

TEST(RotateFlow, TurnsVectorsWithThePicture) {
  Pixels pixels = {128 + 40, 128, 40};  // to the right
  rotate_flow(pixels, std::numbers::pi / 2);
  EXPECT_EQ(pixels, (Pixels{128, 128 - 40, 40})) << "up, since v points down";
}

TEST(EraseRectangle, PaintsTheSamePlaceInEveryFrame) {
  const Pixels original = noise(2 * 10 * 8 * 3);
  Pixels pixels = original;
  erase_rectangle({pixels.data(), 2, 8, 10}, {0.25, 0.5, 0.5, 0.3}, {1, 2, 3});
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const std::size_t x = i / 3 % 8;
    const std::size_t y = i / 24 % 10;
    const bool inside = x >= 2 && x < 6 && y >= 5 && y < 8;
    EXPECT_EQ(pixels[i], inside ? i % 3 + 1 : original[i]);
  }
}

}  // namespace
}  // namespace ferv::data
