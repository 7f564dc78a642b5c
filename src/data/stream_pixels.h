// SPDX-License-Identifier: Apache-2.0
// Arithmetic on the pixels of motion streams, in place in a batch's memory.
#pragma once

#include <cstdint>
#include <span>

namespace ferv::data {

/// The code of "nothing moves".
inline constexpr int kStillCode = 128;

/// Turns the frames of a clip, uint8 [T, frame_bytes], into differences to the frame before, as Stream::kDiff
/// defines them.
void difference_in_place(std::span<std::uint8_t> frames, std::size_t frame_bytes);

/// Negates the horizontal motion of flow pictures, uint8 [..., 3], whose columns have been mirrored.
void negate_horizontal_flow(std::span<std::uint8_t> pixels);

}  // namespace ferv::data
