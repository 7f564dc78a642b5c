// SPDX-License-Identifier: Apache-2.0
// The loops of max pooling over planes, in the vectors of this processor.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "processor_vectors.h"

namespace ferv::nn {

/// A window of `window_height` x `window_width` that walks over a plane; outside of it there is nothing to be
/// found.
struct PlanePool {
  std::int64_t height, width;
  std::int64_t window_height, window_width;  ///< at most 256 places together
  std::int64_t stride_height, stride_width;
  std::int64_t padding_height, padding_width;
  std::int64_t out_height, out_width;

  /// Of the plane with all that windows reach around it.
  [[nodiscard]] std::int64_t padded_height() const {
    return (out_height - 1) * stride_height + window_height;
  }
  [[nodiscard]] std::int64_t padded_width() const { return (out_width - 1) * stride_width + window_width; }
};

/// Memory for planes of one kind, each worked on by itself. A window is looked through along its rows first
/// and then down: 3 + 3 places instead of 3 x 3.
template <typename Value>
struct PoolRoom {
  /// Stands for a value, and for a place in a window.
  using Key = std::conditional_t<sizeof(Value) == 2, std::int16_t, std::int32_t>;

  explicit PoolRoom(const PlanePool& pool);

  struct Runs {
    std::int64_t count;
    std::int64_t length;
  };
  /// Windows that move by one lie so in the padded plane that all of them are one run, with some between the
  /// rows that nobody asks for; else each row is a run.
  Runs along_runs, down_runs;
  std::int64_t row_distance;     ///< between what is found of one row and of the next, along and down
  bool is_narrow;                ///< windows of one column: nothing to look for along the rows
  std::vector<Key> padded;       ///< the plane's keys, what is below all of them around it
  std::vector<Key> along;        ///< of all runs along the rows; empty where is_narrow
  std::vector<Key> along_taken;  ///< of all runs along the rows: the column of the window
  std::vector<Key> best;         ///< of all runs down
  std::vector<Key> taken;        ///< of all runs down: the place in the window
};

/// The same for gradients.
struct UnpoolRoom {
  explicit UnpoolRoom(const PlanePool& pool)
      : padded(static_cast<std::size_t>(pool.padded_height() * pool.padded_width())) {}

  std::vector<float> padded;
};

/// Writes the largest value of each window, and which place of the window it had, row by row: the first of
/// equal ones. What is not a number is larger than all numbers.
void pool_plane(const float* input, const PlanePool& pool, PoolRoom<float>& room, float* output,
                std::uint8_t* places);
void pool_plane(const Brain16* input, const PlanePool& pool, PoolRoom<Brain16>& room, Brain16* output,
                std::uint8_t* places);

/// Writes the gradient of the plane: each output's goes to the place that it was taken from.
void unpool_plane(const float* gradient, const std::uint8_t* places, const PlanePool& pool, UnpoolRoom& room,
                  float* result);
void unpool_plane(const Brain16* gradient, const std::uint8_t* places, const PlanePool& pool,
                  UnpoolRoom& room, Brain16* result);

}  // namespace ferv::nn
