// SPDX-License-Identifier: Apache-2.0
#include "dense_flow.h"

#include <cmath>

#include "matchers.h"

namespace ferv::data {
namespace {

/// A smooth pattern, moved by (dx, dy) pixels.
media::Image pattern(int size, double dx, double dy) {
  media::Image image(size, size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const double value =
          128 + 60 * std::sin((x - dx) * 0.35) + 60 * std::cos((y - dy) * 0.3 + (x - dx) * 0.1);
      for (int c = 0; c < 3; ++c) image.row(y)[3 * x + c] = static_cast<std::uint8_t>(value);
    }
  }
  return image;
}

double mean_of(const media::Image& image, int channel) {
  double sum = 0;
  int count = 0;
  for (int y = 8; y < image.height_px - 8; ++y) {
    for (int x = 8; x < image.width_px - 8; ++x, ++count) sum += image.row(y)[3 * x + channel];
  }
  return sum / count;
}

TEST(DenseFlow, FindsAShift) {
  DenseFlow flow;
  const media::Image coded = flow.estimate(pattern(96, 0, 0), pattern(96, 2, -1), 8);
  EXPECT_NEAR(mean_of(coded, 0), 128 + 8 * 2, 3);
  EXPECT_NEAR(mean_of(coded, 1), 128 - 8 * 1, 3);
  EXPECT_NEAR(mean_of(coded, 2), 8 * std::sqrt(5.0), 3);
}

TEST(DenseFlow, OfEqualOrTinyPicturesIsStill) {
  DenseFlow flow;
  for (const int size : {96, 8, 1}) {
    const media::Image coded = flow.estimate(pattern(size, 0, 0), pattern(size, 0, 0), 8);
    EXPECT_EQ(coded.width_px, size);
    for (std::size_t i = 0; i < coded.pixels.size(); ++i) EXPECT_EQ(coded.pixels[i], i % 3 == 2 ? 0 : 128);
  }
}

TEST(DenseFlow, WorksForEverySizeFrom16PixelsOn) {
  DenseFlow flow;
  for (int size = 16; size < 60; size += 3)
    EXPECT_EQ(flow.estimate(pattern(size, 0, 0), pattern(size, 1, 0), 8).height_px, size);
}

TEST(DenseFlow, RefusesTwoSizes) {
  DenseFlow flow;
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("32x32 and 33x33"),
                     [&] { (void)flow.estimate(pattern(32, 0, 0), pattern(33, 0, 0), 8); });
}

}  // namespace
}  // namespace ferv::data
