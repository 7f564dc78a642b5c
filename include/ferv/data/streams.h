// SPDX-License-Identifier: Apache-2.0
// What an input stream of a model shows: face crops, whole scenes, or motion between frames.
#pragma once

#include <cstdint>
#include <string_view>

namespace ferv::data {

/// One source of pictures, uint8 RGB all of them. In `diff` and `flow` 128 means "nothing moves".
enum class Stream : std::uint8_t {
  kFace,   ///< the face crops
  kScene,  ///< the un-cropped frames of the same clip
  /// Change of the sampled face crops, after crop, resize and flip: frame t holds F(t) - F(t-1) + 128 a
  /// channel, clamped to [0, 255]; frame 0 repeats frame 1 (a clip of one frame is 128 everywhere).
  kDiff,
  /// Dense optical flow of the face crops, from ClipIndex::flow_folder: frame t of the clip holds the motion
  /// from its frame t-1, frame 0 repeats frame 1. Channels: u (to the right), v (down), both
  /// 128 + scale * pixels, and scale * magnitude; clamped to [0, 255]. In a flipped clip u is negated.
  kFlow,
};

[[nodiscard]] std::string_view to_string(Stream stream) noexcept;  ///< "face", "scene", "diff", "flow"
/// Throws kInvalidArgument with the four names for any other word.
[[nodiscard]] Stream stream_from_name(std::string_view name);

}  // namespace ferv::data
