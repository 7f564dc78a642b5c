// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/image.h"

#include <algorithm>
#include <cmath>

#include "ferv/base/error.h"

namespace ferv::media {
namespace {

/// The source pixels that make one target pixel along an axis, with weights that sum to 1.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

/// Triangle filter, widened when the axis shrinks (antialiasing): Pillow's BILINEAR.
std::vector<Taps> make_taps(double begin, double extent, int target_size) {
  const double scale = extent / target_size;
  const double support = std::max(1.0, scale);
  std::vector<Taps> taps(static_cast<std::size_t>(target_size));
  for (int i = 0; i < target_size; ++i) {
    const double centre = begin + (i + 0.5) * scale;
    const int first = static_cast<int>(std::floor(centre - support));
    const int last = static_cast<int>(std::ceil(centre + support));
    Taps& tap = taps[static_cast<std::size_t>(i)];
    tap.first = first;
    float sum = 0;
    for (int s = first; s < last; ++s) {
      const double distance = std::abs(s + 0.5 - centre) / support;
      const float weight = static_cast<float>(std::max(0.0, 1.0 - distance));
      tap.weights.push_back(weight);
      sum += weight;
    }
    for (float& weight : tap.weights) weight /= sum;
  }
  return taps;
}

}  // namespace

Image crop_and_resize(const Image& source, const Rectangle& box, int width, int height) {
  if (source.empty()) throw invalid_argument("cannot resize an empty picture");
  if (width < 1 || height < 1 || box.width <= 0 || box.height <= 0) {
    throw invalid_argument("cannot resize to or from an empty rectangle");
  }
  const std::vector<Taps> columns = make_taps(box.left, box.width, width);
  const std::vector<Taps> rows = make_taps(box.top, box.height, height);

  // Horizontal pass over just the source rows that the vertical pass reads.
  const int row_begin = rows.front().first;
  const int row_end = rows.back().first + static_cast<int>(rows.back().weights.size());
  const std::size_t stride = static_cast<std::size_t>(width) * 3;
  std::vector<float> narrowed(stride * static_cast<std::size_t>(row_end - row_begin));
  for (int y = row_begin; y < row_end; ++y) {
    const std::uint8_t* from = source.row(std::clamp(y, 0, source.height_px - 1));
    float* to = narrowed.data() + stride * static_cast<std::size_t>(y - row_begin);
    for (const Taps& tap : columns) {
      float sum[3] = {0, 0, 0};
      for (std::size_t k = 0; k < tap.weights.size(); ++k) {
        const int x = std::clamp(tap.first + static_cast<int>(k), 0, source.width_px - 1);
        for (int c = 0; c < 3; ++c) sum[c] += tap.weights[k] * from[x * 3 + c];
      }
      for (int c = 0; c < 3; ++c) *to++ = sum[c];
    }
  }
  Image result(width, height);
  std::vector<float> line(stride);
  for (int y = 0; y < height; ++y) {
    const Taps& tap = rows[static_cast<std::size_t>(y)];
    std::fill(line.begin(), line.end(), 0.5F);  // rounds to nearest when cut to an integer
    for (std::size_t k = 0; k < tap.weights.size(); ++k) {
      const float* from = narrowed.data() + stride * static_cast<std::size_t>(tap.first + static_cast<int>(k) - row_begin);
      for (std::size_t i = 0; i < stride; ++i) line[i] += tap.weights[k] * from[i];
    }
    std::uint8_t* to = result.row(y);
    for (std::size_t i = 0; i < stride; ++i) to[i] = static_cast<std::uint8_t>(std::min(line[i], 255.0F));
  }
  return result;
}

}  // namespace ferv::media
