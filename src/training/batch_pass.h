// SPDX-License-Identifier: Apache-2.0
// Forward and backward pass of a classifier over a batch: operation by operation, or on a GPU as one CUDA
// graph.
#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

#include "ferv/data/batch_loader.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/repeated_work.h"
#include "loss.h"
#include "loss_scale.h"

namespace ferv::models {
class Model;
}

namespace ferv::training {

struct BatchPassOptions {
  nn::Precision precision = nn::Precision::kFloat32;
  LossOptions loss = {};
  /// Null: each operation is started by itself, and gradients are worked out in backward(). Else they are
  /// part of what is recorded.
  std::unique_ptr<nn::GraphRecorder> recorder = {};
};

class BatchPass {
 public:
  struct Answer {
    torch::Tensor logits;  ///< [B, K]
    torch::Tensor loss;    ///< of the whole batch, as classification_loss() gives it
  };

  /// Both must outlive this.
  BatchPass(models::Model& model, const LossScale& loss_scale, BatchPassOptions options);

  /// For a batch of at least one clip, which must be there until backward(): its labels are not copied. Valid
  /// until the next call.
  [[nodiscard]] const Answer& forward(const data::Batch& batch);

  /// Adds `share` of the gradients of the last forward()'s scaled loss to those of the parameters.
  void backward(double share);

  /// To be called when other parameters learn than did, or layers changed their mode.
  void forget();

 private:
  [[nodiscard]] Answer answer(const std::vector<torch::Tensor>& clips, const torch::Tensor& labels);
  [[nodiscard]] std::vector<torch::Tensor> answer_and_gradients(const std::vector<torch::Tensor>& inputs);
  [[nodiscard]] std::vector<torch::Tensor> learning_parameters() const;

  models::Model& model_;
  const LossScale& loss_scale_;
  torch::Device device_;
  nn::Precision precision_;
  LossOptions loss_;
  bool is_recorded_;
  nn::RepeatedWork work_;  ///< of the recorded way
  Answer answer_;
  std::vector<torch::Tensor>
      gradients_;  ///< of the recorded way: one a learning parameter, undefined where unused
};

}  // namespace ferv::training
