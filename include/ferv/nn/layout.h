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

/// Puts every 4-D parameter into channels-last memory, and on a GPU every 5-D one: 2-D convolutions of
/// oneDNN, and both of cuDNN, then need no reordering.
void use_channels_last(torch::nn::Module& module);

}  // namespace ferv::nn
