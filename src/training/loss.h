// SPDX-License-Identifier: Apache-2.0
// The training criterion.
#pragma once

#include <torch/types.h>

#include <vector>

#include "ferv/data/clip_index.h"
#include "ferv/training/options.h"

namespace ferv::training {

/// Weight of each class in the loss, [K], or an undefined tensor for class_weights = "none". "balanced": n /
/// (K * n_k) over the clips at `positions`; a class without clips gets 0.
[[nodiscard]] torch::Tensor class_weights(const TrainOptions& options, const data::ClipIndex& index,
                                          const std::vector<std::size_t>& positions);

/// Mean cross-entropy with label smoothing (Szegedy et al. 2016). logits float32 [B, K], labels int64 [B].
[[nodiscard]] torch::Tensor classification_loss(const torch::Tensor& logits, const torch::Tensor& labels,
                                                const torch::Tensor& weights, double label_smoothing);

}  // namespace ferv::training
