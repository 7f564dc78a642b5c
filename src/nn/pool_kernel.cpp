// SPDX-License-Identifier: Apache-2.0
#include "pool_kernel.h"

#include <algorithm>
#include <limits>

namespace ferv::nn {
namespace {

/// What one place of the window finds along a run, kept where it is larger than what is there.
template <std::int64_t kStride>
FERV_INLINE void look(const float* __restrict from, std::int64_t stride, std::int64_t count,
                      std::int32_t place, float* __restrict best, std::int32_t* __restrict taken) {
  const std::int64_t step = kStride > 0 ? kStride : stride;
  for (std::int64_t x = 0; x < count; ++x) {
    const float value = from[x * step];
    const bool is_better = value > best[x] || value != value;
    best[x] = is_better ? value : best[x];
    taken[x] = is_better ? place : taken[x];
  }
}

template <typename Value>
FERV_INLINE void pool_one(const Value* input, const PlanePool& pool, PoolRoom& room, Value* output,
                          std::uint8_t* places) {
  const std::int64_t padded_width = pool.padded_width();
  // Where the windows do not reach the end of the plane, its last rows and columns are left out.
  const std::int64_t rows = std::min(pool.height, pool.padded_height() - pool.padding_height);
  const std::int64_t columns = std::min(pool.width, padded_width - pool.padding_width);
  float* inner = room.padded.data() + pool.padding_height * padded_width + pool.padding_width;
  for (std::int64_t y = 0; y < rows; ++y) {
    for (std::int64_t x = 0; x < columns; ++x)
      inner[y * padded_width + x] = as_float(input[y * pool.width + x]);
  }
  const auto [run_count, length, row_distance] = room.runs();
  for (std::int64_t run = 0; run < run_count; ++run) {
    float* best = room.best.data() + run * length;
    std::int32_t* taken = room.taken.data() + run * length;
    std::fill_n(best, length, -std::numeric_limits<float>::infinity());
    std::copy_n(room.first.data() + run * length, length, taken);
    const float* corner = room.padded.data() + run * pool.stride_height * padded_width;
    std::int32_t place = 0;
    for (std::int64_t tap_y = 0; tap_y < pool.window_height; ++tap_y) {
      for (std::int64_t tap_x = 0; tap_x < pool.window_width; ++tap_x, ++place) {
        const float* from = corner + tap_y * padded_width + tap_x;
        if (pool.stride_width == 1) {
          look<1>(from, 1, length, place, best, taken);
        } else if (pool.stride_width == 2) {
          look<2>(from, 2, length, place, best, taken);
        } else {
          look<0>(from, pool.stride_width, length, place, best, taken);
        }
      }
    }
  }
  for (std::int64_t y = 0; y < pool.out_height; ++y, output += pool.out_width, places += pool.out_width) {
    const float* best = room.best.data() + y * row_distance;
    const std::int32_t* taken = room.taken.data() + y * row_distance;
    for (std::int64_t x = 0; x < pool.out_width; ++x) {
      store_float(best[x], output[x]);
      places[x] = static_cast<std::uint8_t>(taken[x]);
    }
  }
}

template <typename Value>
FERV_INLINE void unpool_one(const Value* gradient, const std::uint8_t* places, const PlanePool& pool,
                            PoolRoom& room, Value* result) {
  const std::int64_t padded_width = pool.padded_width();
  std::fill(room.padded.begin(), room.padded.end(), 0.0F);
  // Where each place of a window lies from its first one.
  std::int64_t offsets[256];
  for (std::int64_t place = 0; place < pool.window_height * pool.window_width; ++place)
    offsets[place] = place / pool.window_width * padded_width + place % pool.window_width;
  for (std::int64_t y = 0; y < pool.out_height; ++y) {
    float* corner = room.padded.data() + y * pool.stride_height * padded_width;
    for (std::int64_t x = 0; x < pool.out_width; ++x, corner += pool.stride_width)
      corner[offsets[places[x]]] += as_float(gradient[x]);
    gradient += pool.out_width;
    places += pool.out_width;
  }
  const float* inner = room.padded.data() + pool.padding_height * padded_width + pool.padding_width;
  const std::int64_t rows = std::min(pool.height, pool.padded_height() - pool.padding_height);
  const std::int64_t columns = std::min(pool.width, padded_width - pool.padding_width);
  for (std::int64_t y = 0; y < pool.height; ++y, result += pool.width) {
    const std::int64_t reached = y < rows ? columns : 0;
    for (std::int64_t x = 0; x < reached; ++x) store_float(inner[y * padded_width + x], result[x]);
    for (std::int64_t x = reached; x < pool.width; ++x) store_float(0.0F, result[x]);
  }
}

}  // namespace

PoolRoom::PoolRoom(const PlanePool& pool)
    : padded(static_cast<std::size_t>(pool.padded_height() * pool.padded_width()),
             -std::numeric_limits<float>::infinity()) {
  if (pool.stride_height == 1 && pool.stride_width == 1) {
    runs_ = {1, (pool.out_height - 1) * pool.padded_width() + pool.out_width, pool.padded_width()};
  } else {
    runs_ = {pool.out_height, pool.out_width, pool.out_width};
  }
  best.resize(static_cast<std::size_t>(runs_.count * runs_.length));
  taken.resize(best.size());
  first.resize(best.size());
  for (std::int64_t y = 0; y < pool.out_height; ++y) {
    for (std::int64_t x = 0; x < pool.out_width; ++x) {
      const std::int64_t above = std::max<std::int64_t>(0, pool.padding_height - y * pool.stride_height);
      const std::int64_t left = std::max<std::int64_t>(0, pool.padding_width - x * pool.stride_width);
      first[static_cast<std::size_t>(y * runs_.row_distance + x)] =
          static_cast<std::int32_t>(above * pool.window_width + left);
    }
  }
}

FERV_FOR_EACH_PROCESSOR void pool_plane(const float* input, const PlanePool& pool, PoolRoom& room,
                                        float* output, std::uint8_t* places) {
  pool_one(input, pool, room, output, places);
}
FERV_FOR_EACH_PROCESSOR void pool_plane(const Brain16* input, const PlanePool& pool, PoolRoom& room,
                                        Brain16* output, std::uint8_t* places) {
  pool_one(input, pool, room, output, places);
}

FERV_FOR_EACH_PROCESSOR void unpool_plane(const float* gradient, const std::uint8_t* places,
                                          const PlanePool& pool, PoolRoom& room, float* result) {
  unpool_one(gradient, places, pool, room, result);
}
FERV_FOR_EACH_PROCESSOR void unpool_plane(const Brain16* gradient, const std::uint8_t* places,
                                          const PlanePool& pool, PoolRoom& room, Brain16* result) {
  unpool_one(gradient, places, pool, room, result);
}

}  // namespace ferv::nn
