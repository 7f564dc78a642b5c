// SPDX-License-Identifier: Apache-2.0
#include "loss.h"

#include <torch/torch.h>

namespace ferv::training {

torch::Tensor class_weights(const TrainOptions& options, const data::ClipIndex& index,
                            const std::vector<std::size_t>& positions) {
  if (options.class_weights != "balanced") return {};
  std::vector<double> counts(index.classes.size(), 0.0);
  for (const std::size_t position : positions)
    counts[static_cast<std::size_t>(index.clips[position].label)] += 1.0;
  torch::Tensor weights = torch::zeros({static_cast<std::int64_t>(counts.size())});
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double share = static_cast<double>(positions.size()) / static_cast<double>(counts.size());
    if (counts[k] > 0) weights[static_cast<std::int64_t>(k)] = share / counts[k];
  }
  return weights;
}

torch::Tensor classification_loss(const torch::Tensor& logits, const torch::Tensor& labels,
                                  const torch::Tensor& weights, double label_smoothing) {
  auto options = torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(label_smoothing);
  if (weights.defined()) options = options.weight(weights);
  return torch::nn::functional::cross_entropy(logits, labels, options);
}

}  // namespace ferv::training
