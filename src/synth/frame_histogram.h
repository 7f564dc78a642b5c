// SPDX-License-Identifier: Apache-2.0
// How long FERV39k's clips are.
#pragma once

#include <span>

#include "ferv/base/random.h"

namespace ferv::synth {

inline constexpr int kShortestClipFrames = 8;
inline constexpr int kLongestClipFrames = 47;

/// Clips of the release (train and test) by number of frames; the first entry is kShortestClipFrames. Counted
/// from the frame numbers in Former-DFER's published lists.
[[nodiscard]] std::span<const int> frame_histogram();

/// A clip length drawn from that histogram.
[[nodiscard]] int draw_frame_count(Random& random);

}  // namespace ferv::synth
