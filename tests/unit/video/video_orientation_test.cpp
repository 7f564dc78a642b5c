// SPDX-License-Identifier: Apache-2.0
#include "video_orientation.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace ferv::media {
namespace {

constexpr std::int32_t kOne = 1 << 16;

std::vector<Orientation> all_orientations() {
  std::vector<Orientation> all;
  for (const int s : {1, -1}) {
    for (const int t : {1, -1}) {
      all.push_back({s, 0, 0, t});
      all.push_back({0, s, t, 0});
    }
  }
  return all;
}

TEST(Orientation, ReadsQuarterTurnsFromTheMatrix) {
  const std::int32_t quarter[9] = {0, kOne, 0, -kOne, 0, 0, 0, 0, 1 << 30};
  EXPECT_EQ(orientation_from_matrix(quarter).rotation_degrees(), 90);
  EXPECT_TRUE(orientation_from_matrix(quarter).swaps_axes());
  const std::int32_t half[9] = {-kOne, 0, 0, 0, -kOne, 0, 0, 0, 1 << 30};
  EXPECT_EQ(orientation_from_matrix(half).rotation_degrees(), 180);
  const std::int32_t nothing[9] = {};
  EXPECT_TRUE(orientation_from_matrix(nothing).is_upright()) << "a matrix of zeros asks for nothing";
}

TEST(Orientation, TakesOddAnglesToTheNearestQuarterTurn) {
  const std::int32_t ten_degrees[9] = {64540, 11380, 0, -11380, 64540, 0, 0, 0, 1 << 30};
  EXPECT_TRUE(orientation_from_matrix(ten_degrees).is_upright());
}

TEST(Orientation, EachOfTheEightMovesEveryPixelToItsOwnPlace) {
  const int width = 5, height = 3;
  FrameHandle frame = make_frame();
  frame->format = AV_PIX_FMT_RGB24;
  frame->width = width;
  frame->height = height;
  ASSERT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x)
      frame->data[0][y * frame->linesize[0] + 3 * x] = static_cast<std::uint8_t>(10 * y + x);
  }
  std::set<std::vector<int>> results;
  for (const Orientation& orientation : all_orientations()) {
    Image image;
    copy_oriented(*frame, orientation, image);
    EXPECT_EQ(image.width_px, orientation.swaps_axes() ? height : width);
    std::vector<int> values;
    std::multiset<int> seen;
    for (int y = 0; y < image.height_px; ++y) {
      for (int x = 0; x < image.width_px; ++x) values.push_back(image.row(y)[3 * x]);
    }
    seen.insert(values.begin(), values.end());
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) EXPECT_EQ(seen.count(10 * y + x), 1U);
    }
    values.push_back(image.width_px);
    results.insert(values);
  }
  EXPECT_EQ(results.size(), 8U) << "no two of the eight look the same";
}

}  // namespace
}  // namespace ferv::media
