// SPDX-License-Identifier: Apache-2.0
#include "correlation_tracker.h"

#include <gtest/gtest.h>

#include "box_overlap.h"
#include "painted_picture.h"

namespace ferv::face {
namespace {

TEST(CorrelationTracker, FollowsAPatchAcrossFrames) {
  const media::Image background = test::textured_picture(320, 240, 1);
  Random random(9);
  media::Image patch(60, 60);
  for (std::size_t i = 0; i < patch.pixels.size(); i += 3) {
    const std::size_t cell = i / 3 % 60 / 6 + i / 3 / 60 / 6 * 10;
    const auto value = static_cast<std::uint8_t>(derive_seed(4, "cell", {cell}) % 256);
    std::fill_n(patch.pixels.begin() + static_cast<std::ptrdiff_t>(i), 3, value);
  }
  const auto frame_at = [&](int x, int y) {
    media::Image frame = background;
    test::paste(frame, patch, x, y);
    return frame;
  };
  CorrelationTracker tracker(frame_at(80, 80), {80, 80, 60, 60});
  for (int step = 1; step <= 12; ++step) {
    const int x = 80 + 6 * step, y = 80 + 3 * step;
    const auto result = tracker.update(frame_at(x, y));
    EXPECT_GT(overlap(result.box, {static_cast<double>(x), static_cast<double>(y), 60, 60}), 0.6) << step;
    EXPECT_GT(result.peak_to_sidelobe, 7) << step;
  }
  const auto gone = tracker.update(background);
  EXPECT_LT(gone.peak_to_sidelobe, 7) << "it says when the patch is gone";
}

}  // namespace
}  // namespace ferv::face
