// SPDX-License-Identifier: Apache-2.0
#include "batch_figures.h"

#include <torch/torch.h>

#include "batch_tensors.h"

namespace ferv::training {

BatchFigures no_figures(std::size_t class_count) {
  BatchFigures figures;
  figures.confusion.assign(class_count * class_count, 0);
  return figures;
}

BatchFigures figures_of(const data::Batch& batch, const torch::Tensor& logits, const torch::Tensor& loss,
                        const LossOptions& options) {
  const auto class_count = static_cast<std::size_t>(logits.size(1));
  BatchFigures figures = no_figures(class_count);
  figures.loss = loss.detach().item<double>();
  figures.clip_count = static_cast<std::int64_t>(batch.size());
  figures.loss_weight = static_cast<double>(batch.size());
  if (options.class_weights.defined()) {
    figures.loss_weight =
        options.class_weights.cpu().index_select(0, labels_of(batch)).sum(torch::kFloat64).item<double>();
  }
  const torch::Tensor predicted = logits.detach().argmax(1).cpu();
  const auto* guesses = predicted.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto guess = static_cast<std::size_t>(guesses[i]);
    ++figures.confusion[static_cast<std::size_t>(batch.labels[i]) * class_count + guess];
  }
  return figures;
}

double join_figures(BatchFigures& figures, nn::Communicator& communicator) {
  if (communicator.is_alone()) return 1.0;
  const double own_weight = figures.loss_weight;
  std::vector<double> sums{figures.loss_weight > 0 ? figures.loss * figures.loss_weight : 0.0,
                           figures.loss_weight, static_cast<double>(figures.clip_count),
                           static_cast<double>(figures.bad_count)};
  const std::size_t first_count = sums.size();
  for (const std::int64_t count : figures.confusion) sums.push_back(static_cast<double>(count));
  communicator.sum(sums);
  figures.loss_weight = sums[1];
  figures.clip_count = static_cast<std::int64_t>(sums[2]);
  figures.bad_count = static_cast<std::int64_t>(sums[3]);
  figures.loss = figures.clip_count > 0 ? sums[0] / sums[1] : 0.0;
  for (std::size_t i = 0; i < figures.confusion.size(); ++i)
    figures.confusion[i] = static_cast<std::int64_t>(sums[first_count + i]);
  return figures.clip_count > 0 ? own_weight / sums[1] : 0.0;
}

void add_to(evaluation::ConfusionMatrix& matrix, const BatchFigures& figures) {
  std::size_t i = 0;
  for (auto& row : matrix.counts) {
    for (std::int64_t& count : row) count += figures.confusion[i++];
  }
}

}  // namespace ferv::training
