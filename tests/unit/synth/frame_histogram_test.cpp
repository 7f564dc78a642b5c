// SPDX-License-Identifier: Apache-2.0
#include "frame_histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace ferv::synth {
namespace {

TEST(FrameHistogram, HoldsAllClipsAndFramesOfTheRelease) {
  const auto histogram = frame_histogram();
  EXPECT_EQ(std::accumulate(histogram.begin(), histogram.end(), 0), 38935);
  long long frames = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) frames += static_cast<long long>(i + 8) * histogram[i];
  EXPECT_EQ(frames, 1090633);
}

TEST(FrameHistogram, DrawsFollowIt) {
  Random random(1);
  constexpr int kDraws = 200000;
  std::vector<int> drawn(kLongestClipFrames + 1);
  for (int i = 0; i < kDraws; ++i) {
    const int frames = draw_frame_count(random);
    ASSERT_GE(frames, kShortestClipFrames);
    ASSERT_LE(frames, kLongestClipFrames);
    ++drawn[static_cast<std::size_t>(frames)];
  }
  const auto histogram = frame_histogram();
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    const double share = histogram[i] / 38935.0;
    const double deviation = std::sqrt(share * (1 - share) / kDraws);
    EXPECT_NEAR(drawn[i + kShortestClipFrames] / double{kDraws}, share, 5 * deviation)
        << i + kShortestClipFrames << " frames";
  }
}

}  // namespace
}  // namespace ferv::synth
