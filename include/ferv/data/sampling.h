// SPDX-License-Identifier: Apache-2.0
// Which frames of a clip a model sees: pure functions of the clip's length, the options and a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ferv::data {

/// How T = segment_count * frames_per_segment frames are chosen. The methods are formulas of published
/// readers, so that results can be set beside theirs:
///
/// - "segments": segments x consecutive frames, as Former-DFER's FERV39k reader has it (8 x 2; Zhao and Liu
///   2021). A clip too short for that gives its first frames again and again.
/// - "padded": the same, but a clip of fewer than T frames is shown whole and repeats its last frame
///   (DFER-CLIP, 16 x 1).
/// - "spread": frame i is int(n * i / T); in training plus a random step of 0 to T-1 each, cut at the clip's
///   end, so that frames need not rise (M3DFEL).
/// - "dense": T consecutive frames, the last one repeated where the clip ends (MAE-DFER, sampling rate 1). In
///   training they begin anywhere, in tests in the middle, or where view `view` of `view_count` begins.
///
/// Tests may show a clip in several views and average what comes out: of "segments" and "padded", view v of V
/// begins at (2v + 1) / 2V of each segment; of "spread", frame i is int(n * (iV + v) / TV). One view alone is
/// the published formula; where the clip is too short to choose from, all views are alike.
struct SamplingOptions {
  int segment_count = 8;
  int frames_per_segment = 2;
  std::string method = "segments";
  int view = 0;  ///< in tests only: which of the equally spaced views, in [0, view_count)
  int view_count = 1;
};

/// Frame indices in [0, frame_count), segment_count * frames_per_segment of them. Training draws with `seed`.
/// Throws kInvalidArgument for frame_count < 1 and options that make no sense.
[[nodiscard]] std::vector<int> training_frames(int frame_count, const SamplingOptions& options,
                                               std::uint64_t seed);
[[nodiscard]] std::vector<int> test_frames(int frame_count, const SamplingOptions& options);

}  // namespace ferv::data
