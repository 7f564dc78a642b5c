// SPDX-License-Identifier: Apache-2.0
#include "frame_histogram.h"

#include <array>
#include <numeric>

namespace ferv::synth {
namespace {

constexpr std::array<int, kLongestClipFrames - kShortestClipFrames + 1> kHistogram = {
    26,   27,   32,   74,   1703, 274,  965,  969,  426,  1256, 1811, 686,  1120, 1101,
    417,  1279, 1513, 2270, 1104, 1330, 1791, 1295, 1502, 1906, 1298, 1447, 1642, 1064,
    1117, 1060, 878,  844,  948,  607,  534,  1001, 542,  366,  465,  245};

constexpr int kClipCount = std::accumulate(kHistogram.begin(), kHistogram.end(), 0);
static_assert(kClipCount == 38935);

}  // namespace

std::span<const int> frame_histogram() {
  return kHistogram;
}

int draw_frame_count(Random& random) {
  auto rest = static_cast<int>(random.below(kClipCount));
  int frames = kShortestClipFrames;
  for (const int clips : kHistogram) {
    if (rest < clips) break;
    rest -= clips;
    ++frames;
  }
  return frames;
}

}  // namespace ferv::synth
