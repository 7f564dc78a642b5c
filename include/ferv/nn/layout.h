// SPDX-License-Identifier: Apache-2.0
// Memory layouts: how batches of clips lie in memory on their way into a model.
#pragma once

#include <torch/types.h>

#include "ferv/base/clip_spec.h"

namespace torch::nn {
class Module;
}

namespace ferv::nn {

/// uint8 [B, T, H, W, 3] -> float32 [B, 3, T, H, W], normalised by the spec. The memory stays [B, T, H, W,
/// 3], so that fold_frames() of the result is channels-last without a copy. Throws kIncompatible for another
/// shape or dtype.
[[nodiscard]] torch::Tensor normalise_clips(const torch::Tensor& pixels, const ClipSpec& spec);

/// [B, C, T, H, W] -> [B * T, C, H, W], a view where the memory allows, channels-last in any case.
[[nodiscard]] torch::Tensor fold_frames(const torch::Tensor& clips);

/// [B, C, T, H, W] in the memory that 3-D convolutions want: on a GPU as normalise_clips() leaves it, on the
/// processor in the order of its dimensions.
[[nodiscard]] torch::Tensor as_volumes(const torch::Tensor& clips);

/// How weights and maps of so many dimensions lie, so that convolutions on `device` need not reorder them:
/// channels-last in 2-D, and on a GPU in 3-D too; oneDNN has an order of its own for those.
[[nodiscard]] torch::MemoryFormat convolution_layout(std::int64_t dimensions, torch::Device device);

/// Puts every parameter into its convolution_layout().
void use_channels_last(torch::nn::Module& module);

}  // namespace ferv::nn
