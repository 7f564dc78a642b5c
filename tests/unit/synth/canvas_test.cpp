// SPDX-License-Identifier: Apache-2.0
#include "canvas.h"

#include <array>

#include "matchers.h"

namespace ferv::synth {
namespace {

/// [red, green, blue]
std::array<int, 3> pixel(const Canvas& canvas, int x, int y) {
  const unsigned char* at = canvas.row(y) + 4 * x;
  return {at[2], at[1], at[0]};
}

using Rgb = std::array<int, 3>;

TEST(Canvas, FillsWhatLiesInsideAndNothingElse) {
  Canvas canvas(40, 40);
  canvas.fill_all({0, 0, 0});
  canvas.fill({{20, 20}, 10, 5}, {1, 0.2, 0});
  EXPECT_EQ(pixel(canvas, 20, 20), (Rgb{255, 51, 0}));
  EXPECT_EQ(pixel(canvas, 27, 20), (Rgb{255, 51, 0}));
  EXPECT_EQ(pixel(canvas, 20, 27), (Rgb{0, 0, 0}));
}

TEST(Canvas, SmoothCurvesPassThroughTheirPoints) {
  Canvas canvas(40, 40);
  const std::array<Point, 4> points = {Point{20, 4}, Point{36, 20}, Point{20, 36}, Point{4, 20}};
  canvas.fill_smooth(points, {1, 1, 1});
  EXPECT_EQ(pixel(canvas, 20, 20), (Rgb{255, 255, 255}));
  EXPECT_EQ(pixel(canvas, 20, 6), (Rgb{255, 255, 255}));
  EXPECT_EQ(pixel(canvas, 20, 2), (Rgb{0, 0, 0}));
  // Rounder than the diamond of the four points.
  EXPECT_EQ(pixel(canvas, 29, 11), (Rgb{255, 255, 255}));
}

TEST(Canvas, ClippingEndsWhereItIsToldTo) {
  Canvas canvas(20, 20);
  const std::array<Point, 4> left = {Point{-4, -4}, Point{8, -4}, Point{8, 24}, Point{-4, 24}};
  canvas.begin_clip(left);
  canvas.fill_all({1, 1, 1});
  canvas.end_clip();
  EXPECT_EQ(pixel(canvas, 3, 10), (Rgb{255, 255, 255}));
  EXPECT_EQ(pixel(canvas, 16, 10), (Rgb{0, 0, 0}));
  canvas.fill_all({0, 1, 0});
  EXPECT_EQ(pixel(canvas, 16, 10), (Rgb{0, 255, 0}));
}

TEST(Canvas, CopiesWithAShift) {
  Canvas source(30, 30);
  source.fill_rectangle({12, 7}, {1, 1}, {1, 1, 1});
  Canvas target(10, 10);
  target.copy_from(source, 10, 5);
  EXPECT_EQ(pixel(target, 2, 2), (Rgb{255, 255, 255}));
  EXPECT_EQ(pixel(target, 3, 2), (Rgb{0, 0, 0}));
}

TEST(Canvas, ShadesFadeTowardsTheRim) {
  Canvas canvas(40, 40);
  canvas.shade({{20, 20}, 18, 18}, {1, 1, 1});
  EXPECT_GT(pixel(canvas, 20, 20)[0], pixel(canvas, 28, 20)[0]);
  EXPECT_GT(pixel(canvas, 28, 20)[0], pixel(canvas, 36, 20)[0]);
  EXPECT_EQ(pixel(canvas, 39, 39), (Rgb{0, 0, 0}));
}

TEST(Canvas, OfImpossibleSizeIsAnError) {
  test::expect_error(ErrorKind::kInternal, testing::HasSubstr("-1x5"), [] { const Canvas canvas(-1, 5); });
}

TEST(Colour, MixesAndScalesWithinLimits) {
  const Colour half = mix({0, 0, 0}, {1, 0.5, 0}, 0.5);
  EXPECT_DOUBLE_EQ(half.red, 0.5);
  EXPECT_DOUBLE_EQ(half.green, 0.25);
  EXPECT_DOUBLE_EQ(Colour({0.6, 0.6, 0.6, 0.3}).scaled(2).red, 1);
  EXPECT_DOUBLE_EQ(Colour({0.6, 0.6, 0.6, 0.3}).scaled(2).alpha, 0.3);
}

}  // namespace
}  // namespace ferv::synth
