// SPDX-License-Identifier: Apache-2.0
// What a batch says of the epoch: of this process's clips, and of those of all ranks.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "ferv/data/batch_loader.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/nn/communicator.h"
#include "loss.h"

namespace ferv::training {

struct BatchFigures {
  double loss = 0;         ///< weighted mean, as classification_loss() gives it
  double loss_weight = 0;  ///< that the mean is over: clips, or their class weights
  std::int64_t clip_count = 0;
  std::int64_t bad_count = 0;  ///< clips of the epoch so far that could not be used; set by the caller
  std::vector<std::int64_t> confusion;  ///< K x K, true class first
};

/// `logits` [B, K] and the loss of a batch; an empty batch has neither.
[[nodiscard]] BatchFigures figures_of(const data::Batch& batch, const torch::Tensor& logits,
                                      const torch::Tensor& loss, const LossOptions& options);

/// The figures of a batch without clips, in `class_count` classes.
[[nodiscard]] BatchFigures no_figures(std::size_t class_count);

/// Makes the figures those of all ranks' parts together, and gives the share of this rank's part in the mean
/// loss: the gradient of the joint loss is the sum over ranks of share times gradient of the own loss. With
/// one process nothing changes and the share is 1.
double join_figures(BatchFigures& figures, nn::Communicator& communicator);

void add_to(evaluation::ConfusionMatrix& matrix, const BatchFigures& figures);

}  // namespace ferv::training
