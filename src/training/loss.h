// SPDX-License-Identifier: Apache-2.0
// The training criterion.
#pragma once

#include <torch/types.h>

#include <vector>

#include "ferv/data/clip_index.h"
#include "ferv/evaluation/results.h"
#include "ferv/training/options.h"

namespace ferv::training {

/// float64 [K]: n / (K * n_k) for `counts` of n_k examples a class, n in all; 0 for a class without examples.
[[nodiscard]] torch::Tensor balanced_weights(const std::vector<double>& counts);

/// Weight of each class in the loss, float32 [K], or an undefined tensor for class_weights = "none".
/// "balanced": balanced_weights() over the clips at `positions`.
[[nodiscard]] torch::Tensor class_weights(const TrainOptions& options, const data::ClipIndex& index,
                                          const std::vector<std::size_t>& positions);

/// Mean cross-entropy with label smoothing (Szegedy et al. 2016). logits float32 [B, K], labels int64 [B].
[[nodiscard]] torch::Tensor classification_loss(const torch::Tensor& logits, const torch::Tensor& labels,
                                                const torch::Tensor& weights, double label_smoothing);

/// Mean of -log p over the rows' true classes, p not below 1e-12; 0 without rows.
[[nodiscard]] double mean_log_loss(const evaluation::Results& results);

}  // namespace ferv::training
