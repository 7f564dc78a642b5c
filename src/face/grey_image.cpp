// SPDX-License-Identifier: Apache-2.0
#include "grey_image.h"

#include <algorithm>
#include <cmath>

namespace ferv::face {
namespace {

GreyImage brightness(const media::Image& frame, int left, int top, int width, int height) {
  GreyImage grey{
      width, height,
      std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = frame.row(top + y) + 3 * left;
    std::uint8_t* to = grey.row(y);
    for (int x = 0; x < width; ++x, from += 3)
      to[x] = static_cast<std::uint8_t>((77 * from[0] + 150 * from[1] + 29 * from[2] + 128) >> 8);
  }
  return grey;
}

GreyImage halve(const GreyImage& source) {
  GreyImage half{source.width_px / 2, source.height_px / 2, {}};
  half.pixels.resize(static_cast<std::size_t>(half.width_px) * static_cast<std::size_t>(half.height_px));
  for (int y = 0; y < half.height_px; ++y) {
    const std::uint8_t* upper = source.row(2 * y);
    const std::uint8_t* lower = source.row(2 * y + 1);
    std::uint8_t* to = half.row(y);
    for (int x = 0; x < half.width_px; ++x) {
      to[x] = static_cast<std::uint8_t>(
          (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
    }
  }
  return half;
}

/// Bilinear, for factors up to two either way.
GreyImage resize(const GreyImage& source, double scale) {
  GreyImage result{std::max(1, static_cast<int>(source.width_px / scale)),
                   std::max(1, static_cast<int>(source.height_px / scale)),
                   {}};
  result.pixels.resize(static_cast<std::size_t>(result.width_px) *
                       static_cast<std::size_t>(result.height_px));
  constexpr int kOne = 256;
  std::vector<int> first(static_cast<std::size_t>(result.width_px)), weight(first.size());
  for (std::size_t x = 0; x < first.size(); ++x) {
    const double at = std::clamp((static_cast<double>(x) + 0.5) * scale - 0.5, 0.0, source.width_px - 1.0);
    first[x] = std::min(static_cast<int>(at), std::max(0, source.width_px - 2));
    weight[x] = static_cast<int>((at - first[x]) * kOne);
  }
  const int right = source.width_px > 1 ? 1 : 0;
  for (int y = 0; y < result.height_px; ++y) {
    const double at = std::clamp((y + 0.5) * scale - 0.5, 0.0, source.height_px - 1.0);
    const int upper_y = std::min(static_cast<int>(at), std::max(0, source.height_px - 2));
    const int weight_y = static_cast<int>((at - upper_y) * kOne);
    const std::uint8_t* upper = source.row(upper_y);
    const std::uint8_t* lower = source.row(std::min(upper_y + 1, source.height_px - 1));
    std::uint8_t* to = result.row(y);
    for (std::size_t x = 0; x < first.size(); ++x) {
      const int i = first[x], w = weight[x];
      const int above = upper[i] * (kOne - w) + upper[i + right] * w;
      const int below = lower[i] * (kOne - w) + lower[i + right] * w;
      to[x] = static_cast<std::uint8_t>((above * (kOne - weight_y) + below * weight_y + kOne * kOne / 2) /
                                        (kOne * kOne));
    }
  }
  return result;
}

}  // namespace

GreyView grey_view(const media::Image& frame, const media::Rectangle& region, double scale) {
  const auto bound = [](double value, int limit) {
    return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(limit)));
  };
  const int left = bound(std::floor(region.left), frame.width_px);
  const int top = bound(std::floor(region.top), frame.height_px);
  const int right = bound(std::ceil(region.left + region.width), frame.width_px);
  const int bottom = bound(std::ceil(region.top + region.height), frame.height_px);
  GreyView view;
  view.left = left;
  view.top = top;
  if (right <= left || bottom <= top) return view;
  view.image = brightness(frame, left, top, right - left, bottom - top);
  while (scale >= 2 * view.scale && view.image.width_px >= 2 && view.image.height_px >= 2) {
    view.image = halve(view.image);
    view.scale *= 2;
  }
  if (std::abs(scale / view.scale - 1) > 1e-3) {
    view.image = resize(view.image, scale / view.scale);
    view.scale = scale;
  }
  return view;
}

}  // namespace ferv::face
