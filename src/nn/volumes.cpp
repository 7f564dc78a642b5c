// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/volumes.h"

#include <torch/torch.h>

#include <algorithm>

namespace ferv::nn {

torch::Tensor max_pool(const torch::Tensor& volumes, const VolumePool& pool) {
  const auto& [window, stride, padding, ceil_mode] = pool;
  const std::int64_t channels = volumes.size(1);
  torch::Tensor maps = volumes.flatten(1, 2);
  if (window[1] > 1 || window[2] > 1 || stride[1] > 1 || stride[2] > 1) {
    maps = torch::max_pool2d(maps, {window[1], window[2]}, {stride[1], stride[2]}, {padding[1], padding[2]},
                             /*dilation=*/1, ceil_mode);
  }
  const std::int64_t height = maps.size(2);
  const std::int64_t width = maps.size(3);
  // [B, C, T, H * W]: the window reaches along time only.
  maps = maps.unflatten(1, {channels, -1}).flatten(3);
  if (window[0] > 1 || stride[0] > 1) {
    maps =
        torch::max_pool2d(maps, {window[0], 1}, {stride[0], 1}, {padding[0], 0}, /*dilation=*/1, ceil_mode);
  }
  return maps.unflatten(3, {height, width});
}

SamePadding same_padding(const Extent& size, const Extent& window, const Extent& stride) {
  SamePadding padding{};
  for (std::size_t i = 0; i < size.size(); ++i) {
    const std::int64_t outputs = (size[i] + stride[i] - 1) / stride[i];
    const std::int64_t total = std::max<std::int64_t>(0, (outputs - 1) * stride[i] + window[i] - size[i]);
    padding.front[i] = total / 2;
    padding.back[i] = total - total / 2;
  }
  return padding;
}

torch::Tensor max_pool_same(const torch::Tensor& volumes, const Extent& window, const Extent& stride) {
  const SamePadding padding = same_padding(extent_of(volumes), window, stride);
  // The odd one at the end is what ceil_mode gives: a window that reaches over the edge. Where front and back
  // are equal the sizes divide, and ceil_mode changes nothing.
  return max_pool(volumes, {.window = window, .stride = stride, .padding = padding.front, .ceil_mode = true});
}

Extent extent_of(const torch::Tensor& volumes) {
  return {volumes.size(2), volumes.size(3), volumes.size(4)};
}

}  // namespace ferv::nn
