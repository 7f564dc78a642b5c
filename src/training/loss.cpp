// SPDX-License-Identifier: Apache-2.0
#include "loss.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ferv::training {

torch::Tensor balanced_weights(const std::vector<double>& counts) {
  const double share =
      std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
  torch::Tensor weights = torch::zeros({static_cast<std::int64_t>(counts.size())}, torch::kFloat64);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] > 0) weights[static_cast<std::int64_t>(k)] = share / counts[k];
  }
  return weights;
}

torch::Tensor prior_offsets(const std::vector<double>& counts, double strength) {
  const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  torch::Tensor offsets = torch::zeros({static_cast<std::int64_t>(counts.size())}, torch::kFloat64);
  for (std::size_t k = 0; k < counts.size(); ++k)
    offsets[static_cast<std::int64_t>(k)] = strength * std::log(std::max(counts[k], 1.0) / sum);
  return offsets;
}

torch::Tensor class_weights(const TrainOptions& options, const data::ClipIndex& index,
                            const std::vector<std::size_t>& positions) {
  if (options.class_weights != "balanced") return {};
  std::vector<double> counts(index.classes.size(), 0.0);
  for (const std::size_t position : positions)
    counts[static_cast<std::size_t>(index.clips[position].label)] += 1.0;
  return balanced_weights(counts).to(torch::kFloat32);
}

torch::Tensor classification_loss(const torch::Tensor& given_logits, const torch::Tensor& labels,
                                  const LossOptions& options) {
  torch::Tensor logits = given_logits;
  if (options.logit_offsets.defined())
    logits = logits + options.logit_offsets.to(logits.device(), logits.scalar_type());
  auto entropy = torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options.label_smoothing);
  torch::Tensor weights = options.class_weights;
  if (weights.defined()) {
    weights = weights.to(logits.device(), logits.scalar_type());
    entropy = entropy.weight(weights);
  }
  if (options.focal_gamma == 0) return torch::nn::functional::cross_entropy(logits, labels, entropy);
  const torch::Tensor each =
      torch::nn::functional::cross_entropy(logits, labels, entropy.reduction(torch::kNone));
  const torch::Tensor right = torch::softmax(logits, 1).gather(1, labels.unsqueeze(1)).squeeze(1);
  const torch::Tensor sum = ((1 - right).pow(options.focal_gamma) * each).sum();
  return weights.defined() ? sum / weights.index_select(0, labels).sum()
                           : sum / static_cast<double>(labels.size(0));
}

double mean_log_loss(const evaluation::Results& results) {
  double sum = 0;
  for (const auto& row : results.rows)
    sum -= std::log(std::max(row.probabilities[static_cast<std::size_t>(row.label)], 1e-12));
  return results.rows.empty() ? 0.0 : sum / static_cast<double>(results.rows.size());
}

}  // namespace ferv::training
