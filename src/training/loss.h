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

/// float64 [K]: `strength` times log(n_k / n) for `counts` of n_k examples a class, n in all; a class without
/// examples counts as having one. Logits that were trained with these as offsets (LossOptions), and answer
/// without them, name rare classes as often as if those were commoner: with strength 1, as if all were
/// equally common (Menon et al. 2021, equation 10).
[[nodiscard]] torch::Tensor prior_offsets(const std::vector<double>& counts, double strength);

/// Weight of each class in the loss, float32 [K], or an undefined tensor for class_weights = "none".
/// "balanced": balanced_weights() over the clips at `positions`.
[[nodiscard]] torch::Tensor class_weights(const TrainOptions& options, const data::ClipIndex& index,
                                          const std::vector<std::size_t>& positions);

struct LossOptions {
  torch::Tensor class_weights = {};  ///< float32 [K], or undefined: all 1
  double label_smoothing = 0;        ///< Szegedy et al. 2016
  double focal_gamma = 0;            ///< 0: cross-entropy
  /// float32 [K], or undefined: added to the logits before everything else.
  torch::Tensor logit_offsets = {};
};

/// Mean cross-entropy of logits float32 [B, K] against labels int64 [B]; with class weights w the sum of w_y
/// times the loss over the sum of w_y. Focal (Lin et al. 2017, equation 4): each example times (1 -
/// p_y)^gamma.
[[nodiscard]] torch::Tensor classification_loss(const torch::Tensor& logits, const torch::Tensor& labels,
                                                const LossOptions& options);

/// Mean of -log p over the rows' true classes, p not below 1e-12; 0 without rows.
[[nodiscard]] double mean_log_loss(const evaluation::Results& results);

}  // namespace ferv::training
