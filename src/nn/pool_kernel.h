// SPDX-License-Identifier: Apache-2.0
// The loops of max pooling over planes, in the vectors of this processor.
#pragma once

#include <cstdint>
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

/// Memory for planes of one kind, each worked on by itself.
class PoolRoom {
 public:
  explicit PoolRoom(const PlanePool& pool);

  /// Outputs are found in runs: windows that move by one lie so in the padded plane that all of them are one
  /// run, with some between the rows that nobody asks for; else each row is a run.
  struct Runs {
    std::int64_t count;
    std::int64_t length;
    std::int64_t row_distance;  ///< between outputs of one place in two rows
  };
  [[nodiscard]] const Runs& runs() const { return runs_; }

  std::vector<float> padded;        ///< the plane, minus infinity around it
  std::vector<float> best;          ///< of all runs
  std::vector<std::int32_t> taken;  ///< of all runs: the place in the window
  std::vector<std::int32_t> first;  ///< of all runs: the first place of the window that lies in the plane

 private:
  Runs runs_;
};

/// Writes the largest value of each window, and which place of the window it had, row by row: the first of
/// equal ones, the last that is not a number.
void pool_plane(const float* input, const PlanePool& pool, PoolRoom& room, float* output,
                std::uint8_t* places);
void pool_plane(const Brain16* input, const PlanePool& pool, PoolRoom& room, Brain16* output,
                std::uint8_t* places);

/// Writes the gradient of the plane: each output's goes to the place that it was taken from.
void unpool_plane(const float* gradient, const std::uint8_t* places, const PlanePool& pool, PoolRoom& room,
                  float* result);
void unpool_plane(const Brain16* gradient, const std::uint8_t* places, const PlanePool& pool, PoolRoom& room,
                  Brain16* result);

}  // namespace ferv::nn
