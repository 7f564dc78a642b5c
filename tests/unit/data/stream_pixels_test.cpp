// SPDX-License-Identifier: Apache-2.0
#include "stream_pixels.h"

#include <vector>

#include "matchers.h"

namespace ferv::data {
namespace {

using Pixels = std::vector<std::uint8_t>;

TEST(DifferenceInPlace, ComparesWithTheFrameBeforeAndRepeatsTheSecondFirst) {
  Pixels frames = {10, 200, /**/ 13, 190, /**/ 13, 0};
  difference_in_place(frames, 2);
  EXPECT_EQ(frames, (Pixels{131, 118, /**/ 131, 118, /**/ 128, 0})) << "-190 is clamped";
}

TEST(DifferenceInPlace, OfOneFrameIsStill) {
  Pixels frames = {10, 200, 30};
  difference_in_place(frames, 3);
  EXPECT_EQ(frames, Pixels(3, 128));
}

TEST(NegateHorizontalFlow, TurnsUAndKeepsTheRest) {
  Pixels pixels = {128, 5, 6, /**/ 100, 7, 8, /**/ 255, 9, 10, /**/ 0, 1, 2};
  negate_horizontal_flow(pixels);
  EXPECT_EQ(pixels, (Pixels{128, 5, 6, /**/ 156, 7, 8, /**/ 1, 9, 10, /**/ 255, 1, 2}));
}

}  // namespace
}  // namespace ferv::data
