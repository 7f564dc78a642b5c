// SPDX-License-Identifier: Apache-2.0
// Operations on volumes [B, C, T, H, W] that LibTorch has only in a slower form or not at all.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>

namespace ferv::nn {

/// Sizes along time, height, width.
using Extent = std::array<std::int64_t, 3>;

struct VolumePool {
  Extent window;
  Extent stride;
  Extent padding = {0, 0, 0};
  /// Keeps a last window that begins inside the volume and ends outside of it.
  bool ceil_mode = false;
};

/// Maximum over windows, [B, C, T, H, W] -> [B, C, T', H', W']: the values and gradients of max_pool3d, taken
/// first over each frame and then over time. That reads a 3x3x3 window 12 times instead of 27, and LibTorch
/// 1.13's max_pool3d has no bf16 on the CPU.
[[nodiscard]] torch::Tensor max_pool(const torch::Tensor& volumes, const VolumePool& pool);

/// "Same" padding as TensorFlow has it: ceil(size / stride) outputs, and where the padding is odd the extra
/// zero stands at the end.
struct SamePadding {
  Extent front;
  Extent back;

  [[nodiscard]] bool is_symmetric() const { return front == back; }
};
[[nodiscard]] SamePadding same_padding(const Extent& size, const Extent& window, const Extent& stride);

/// max_pool() with "same" padding. For volumes without negative values (after a ReLU) this is TensorFlow's
/// result as well as that of padding with zeros.
[[nodiscard]] torch::Tensor max_pool_same(const torch::Tensor& volumes, const Extent& window,
                                          const Extent& stride);

/// T, H, W of [B, C, T, H, W].
[[nodiscard]] Extent extent_of(const torch::Tensor& volumes);

}  // namespace ferv::nn
