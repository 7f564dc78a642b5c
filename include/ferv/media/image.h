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
      : width_px(width),
        height_px(height),
        pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {}

  [[nodiscard]] bool empty() const { return pixels.empty(); }
  [[nodiscard]] std::uint8_t* row(int y) { return pixels.data() + static_cast<std::size_t>(y) * row_bytes(); }
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return pixels.data() + static_cast<std::size_t>(y) * row_bytes();
  }
  [[nodiscard]] std::size_t row_bytes() const { return static_cast<std::size_t>(width_px) * 3; }
};

/// A rectangle in pixels, half-open: [left, left + width) x [top, top + height). May reach outside a picture.
struct Rectangle {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

struct ResizeOptions {
  int width_px = 0;
  int height_px = 0;
  bool flip = false;  ///< left-right
};

/// Cuts one rectangle out of pictures of one size and resizes it, many times: the weights are computed once.
/// A triangle filter, widened where an axis shrinks (antialiasing), as Pillow's BILINEAR. What lies outside
/// the picture repeats its edge. Throws kInvalidArgument for empty sizes and rectangles far beyond any
/// picture. Not thread-safe (it holds a line buffer).
class Resizer {
 public:
  Resizer(int source_width_px, int source_height_px, const Rectangle& box, const ResizeOptions& options);
  /// `source` must have the size given to the constructor; writes uint8 [height, width, 3] to `target`.
  void apply(const Image& source, std::uint8_t* target);

 private:
  /// Source positions along one axis that make one target pixel, with weights that sum to 1.
  struct Axis {
    int tap_count = 0;
    std::vector<int> positions;  ///< [target, tap_count]
    std::vector<float> weights;  ///< [target, tap_count]
  };
  static Axis make_axis(int source_size, double begin, double extent, int target_size);
  /// For pictures mirrored along the axis.
  static void turn_around(Axis& axis);
  /// The weights of an axis for two target pixels at a time: [ceil(target / 2), tap_count, 8].
  static std::vector<float> pair_weights(const Axis& axis, int target_size);

  int source_width_px_;
  int source_height_px_;
  ResizeOptions options_;
  Axis columns_;
  Axis rows_;
  std::vector<float> line_;
};

/// Cuts `box` out of `source` and resizes it to `width` x `height`, once; see Resizer.
[[nodiscard]] Image crop_and_resize(const Image& source, const Rectangle& box, int width, int height);

}  // namespace ferv::media
