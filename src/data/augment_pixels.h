// SPDX-License-Identifier: Apache-2.0
// Augmentation of frames that lie resized in a batch's memory, in place.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ferv/media/image.h"

namespace ferv::data {

/// Frames of one clip: uint8 [T, height, width, 3].
struct FrameBlock {
  std::uint8_t* pixels = nullptr;
  std::size_t frame_count = 0;
  int width_px = 0;
  int height_px = 0;

  [[nodiscard]] std::size_t frame_bytes() const {
    return static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3;
  }
  [[nodiscard]] std::span<std::uint8_t> all() const { return {pixels, frame_count * frame_bytes()}; }
};

/// A change of colour; the default changes nothing.
struct ColourChange {
  double brightness = 1;  ///< factors
  double contrast = 1;
  double saturation = 1;  ///< 0 leaves luma alone
  double hue_turn = 0;    ///< 0.5 turns red to cyan
  friend bool operator==(const ColourChange&, const ColourChange&) = default;
};

/// Row c: output channel c = sum of the first three times R, G, B, plus the fourth (in codes of 0 to 255).
using ColourMatrix = std::array<std::array<float, 4>, 3>;

/// Brightness, contrast, saturation and hue, in this order, as one matrix: they are all linear, hue being a
/// turn of the chroma plane of YIQ.
[[nodiscard]] ColourMatrix colour_matrix(const ColourChange& change);

/// uint8 [..., 3].
void apply_colour(std::span<std::uint8_t> pixels, const ColourMatrix& matrix);

/// Turns one frame (the first of the block) about its centre, counter-clockwise as seen, bilinear; the edge
/// repeats. `scratch` is working memory.
void rotate_frame(const FrameBlock& frame, double radians, std::vector<std::uint8_t>& scratch);

/// Turns the vectors of flow pictures, uint8 [..., 3], whose pixels have been turned.
void rotate_flow(std::span<std::uint8_t> pixels, double radians);

/// Paints `box` (in shares of width and height) of every frame in one colour.
void erase_rectangle(const FrameBlock& frames, const media::Rectangle& box,
                     const std::array<std::uint8_t, 3>& colour);

}  // namespace ferv::data
