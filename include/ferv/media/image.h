// SPDX-License-Identifier: Apache-2.0
// A picture in memory: 8-bit RGB, rows top to bottom, no padding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ferv::media {

/// uint8 [H, W, 3], RGB interleaved, row stride = 3 * width bytes.
struct Image {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> pixels;

  Image() = default;
  Image(int width, int height)
      : width_px(width), height_px(height),
        pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {}

  [[nodiscard]] bool empty() const { return pixels.empty(); }
  [[nodiscard]] std::uint8_t* row(int y) { return pixels.data() + static_cast<std::size_t>(y) * row_bytes(); }
  [[nodiscard]] const std::uint8_t* row(int y) const { return pixels.data() + static_cast<std::size_t>(y) * row_bytes(); }
  [[nodiscard]] std::size_t row_bytes() const { return static_cast<std::size_t>(width_px) * 3; }
};

/// A rectangle in pixels, half-open: [left, left + width) x [top, top + height). May reach outside a picture.
struct Rectangle {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// Cuts `box` out of `source` and resizes it to `width` x `height` (area average when it shrinks, bilinear when it
/// grows, as Pillow's BILINEAR with antialiasing does). What lies outside the picture repeats its edge.
[[nodiscard]] Image crop_and_resize(const Image& source, const Rectangle& box, int width, int height);

}  // namespace ferv::media
