// SPDX-License-Identifier: Apache-2.0
// Which frames of a clip a model sees: pure functions of the clip's length, the options and a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ferv::data {

/// Segments x consecutive frames, as Former-DFER's FERV39k reader has it (8 x 2; Zhao and Liu 2021).
struct SamplingOptions {
  int segment_count = 8;
  int frames_per_segment = 2;
  /// Former-DFER falls back to frame 0 for all segments when a clip is too short; "padded" instead spreads
  /// over the clip and repeats its last frame (DFER-CLIP). Names: "segments" (exact formula), "padded".
  std::string method = "segments";
};

/// Frame indices in [0, frame_count), segment_count * frames_per_segment of them, rising. Training draws
/// offsets with `seed`; testing takes the middle of each segment. Throws kInvalidArgument for frame_count
/// < 1.
[[nodiscard]] std::vector<int> training_frames(int frame_count, const SamplingOptions& options,
                                               std::uint64_t seed);
[[nodiscard]] std::vector<int> test_frames(int frame_count, const SamplingOptions& options);

}  // namespace ferv::data
