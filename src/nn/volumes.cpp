// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/volumes.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <vector>

#include "pool_kernel.h"
#include "value_type.h"

namespace ferv::nn {
namespace {

/// A window over the last two dimensions.
struct MapPool {
  std::array<std::int64_t, 2> window;
  std::array<std::int64_t, 2> stride;
  std::array<std::int64_t, 2> padding;
  bool ceil_mode;
};

std::int64_t pooled_size(std::int64_t size, const MapPool& pool, std::size_t axis) {
  const std::int64_t rest = size + 2 * pool.padding[axis] - pool.window[axis];
  std::int64_t count = (rest + (pool.ceil_mode ? pool.stride[axis] - 1 : 0)) / pool.stride[axis] + 1;
  // The last window must begin inside the map or in the padding before it.
  if (pool.ceil_mode && (count - 1) * pool.stride[axis] >= size + pool.padding[axis]) --count;
  return count;
}

PlanePool plane_pool(const torch::Tensor& maps, const MapPool& pool) {
  return {maps.size(2),
          maps.size(3),
          pool.window[0],
          pool.window[1],
          pool.stride[0],
          pool.stride[1],
          pool.padding[0],
          pool.padding[1],
          pooled_size(maps.size(2), pool, 0),
          pooled_size(maps.size(3), pool, 1)};
}

/// Calls work(plane, room) for all planes on all threads.
template <typename Room, typename Work>
void for_each_plane(std::int64_t plane_count, const PlanePool& pool, const Work& work) {
  constexpr std::int64_t kValuesOfATask = std::int64_t{1} << 16;
  const std::int64_t grain = std::max<std::int64_t>(1, kValuesOfATask / (pool.height * pool.width));
  at::parallel_for(0, plane_count, grain, [&](std::int64_t begin, std::int64_t end) {
    Room room(pool);
    for (std::int64_t i = begin; i < end; ++i) work(i, room);
  });
}

template <typename Value>
Value* plane_of(const torch::Tensor& maps, std::int64_t plane) {
  return static_cast<Value*>(maps.data_ptr()) + plane * maps.size(2) * maps.size(3);
}

/// max_pool2d() of [N, C, H, W], float32 or bf16 on the CPU. A byte an output says where its value was taken
/// from; LibTorch's index has eight, and its loop goes value by value.
class MaxPool : public torch::autograd::Function<MaxPool> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const MapPool& map_pool) {
    const torch::Tensor maps = given.contiguous();
    const PlanePool pool = plane_pool(maps, map_pool);
    const std::vector<std::int64_t> shape = {maps.size(0), maps.size(1), pool.out_height, pool.out_width};
    const torch::Tensor output = torch::empty(shape, maps.options());
    const torch::Tensor places = torch::empty(shape, torch::kUInt8);
    with_value_type(maps, [&](auto type) {
      using Value = decltype(type);
      using Room = PoolRoom<Value>;
      for_each_plane<Room>(maps.size(0) * maps.size(1), pool, [&](std::int64_t plane, Room& room) {
        pool_plane(plane_of<Value>(maps, plane), pool, room, plane_of<Value>(output, plane),
                   plane_of<std::uint8_t>(places, plane));
      });
    });
    context->save_for_backward({places});
    context->saved_data["maps"] = maps.sizes();
    context->saved_data["window"] = torch::IntArrayRef(map_pool.window);
    context->saved_data["stride"] = torch::IntArrayRef(map_pool.stride);
    context->saved_data["padding"] = torch::IntArrayRef(map_pool.padding);
    context->saved_data["ceil_mode"] = map_pool.ceil_mode;
    return output;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const auto pair = [&](const char* key) {
      const auto values = context->saved_data[key].toIntVector();
      return std::array<std::int64_t, 2>{values[0], values[1]};
    };
    const torch::Tensor places = context->get_saved_variables()[0];
    const torch::Tensor gradient = gradients[0].contiguous();
    const torch::Tensor result = torch::empty(context->saved_data["maps"].toIntVector(), gradient.options());
    const PlanePool pool = plane_pool(
        result, {pair("window"), pair("stride"), pair("padding"), context->saved_data["ceil_mode"].toBool()});
    with_value_type(gradient, [&](auto type) {
      using Value = decltype(type);
      for_each_plane<UnpoolRoom>(result.size(0) * result.size(1), pool, [&](std::int64_t plane, auto& room) {
        unpool_plane(plane_of<Value>(gradient, plane), plane_of<std::uint8_t>(places, plane), pool, room,
                     plane_of<Value>(result, plane));
      });
    });
    return {result, torch::Tensor()};
  }
};

torch::Tensor max_pool_of_maps(const torch::Tensor& maps, const MapPool& pool) {
  constexpr std::int64_t kMostPlaces = 256;
  if (has_value_type(maps) && maps.device().is_cpu() && maps.numel() > 0 &&
      pool.window[0] * pool.window[1] <= kMostPlaces)
    return MaxPool::apply(maps, pool);
  return torch::max_pool2d(maps, pool.window, pool.stride, pool.padding, /*dilation=*/1, pool.ceil_mode);
}

}  // namespace

torch::Tensor max_pool(const torch::Tensor& volumes, const VolumePool& pool) {
  const auto& [window, stride, padding, ceil_mode] = pool;
  // There LibTorch keeps channels-last volumes as they are; folding time into channels would reorder them.
  if (volumes.is_cuda())
    return torch::max_pool3d(volumes, window, stride, padding, /*dilation=*/1, ceil_mode);
  const std::int64_t channels = volumes.size(1);
  torch::Tensor maps = volumes.flatten(1, 2);
  if (window[1] > 1 || window[2] > 1 || stride[1] > 1 || stride[2] > 1) {
    maps = max_pool_of_maps(
        maps, {{window[1], window[2]}, {stride[1], stride[2]}, {padding[1], padding[2]}, ceil_mode});
  }
  const std::int64_t height = maps.size(2);
  const std::int64_t width = maps.size(3);
  // [B, C, T, H * W]: the window reaches along time only.
  maps = maps.unflatten(1, {channels, -1}).flatten(3);
  if (window[0] > 1 || stride[0] > 1)
    maps = max_pool_of_maps(maps, {{window[0], 1}, {stride[0], 1}, {padding[0], 0}, ceil_mode});
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
