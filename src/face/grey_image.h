// SPDX-License-Identifier: Apache-2.0
// Brightness pictures at the sizes that searching and tracking want.
#pragma once

#include <cstdint>
#include <vector>

#include "ferv/media/image.h"

namespace ferv::face {

/// uint8 [H, W], no padding.
struct GreyImage {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> pixels;

  [[nodiscard]] std::uint8_t* row(int y) {
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_px);
  }
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_px);
  }
};

/// A part of a frame, resized: grey(x, y) shows frame(left + x * scale, top + y * scale).
struct GreyView {
  GreyImage image;
  double left = 0;
  double top = 0;
  double scale = 1;  ///< frame pixels a grey pixel
};

/// BT.601 brightness of the part of `frame` inside `region` (cut at the frame's edges), resized so that one
/// grey pixel is `scale` frame pixels wide: averaged where it shrinks, bilinear where it grows. Empty when
/// nothing is inside.
[[nodiscard]] GreyView grey_view(const media::Image& frame, const media::Rectangle& region, double scale);

}  // namespace ferv::face
