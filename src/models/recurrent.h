// SPDX-License-Identifier: Apache-2.0
// CNN-LSTM rows: features of every frame, an LSTM over time, its last output to the classifier.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "network.h"
#include "resnet.h"

namespace ferv::models {

/// Features [B, T, D] -> the LSTM's output at the last frame [B, H]. Always float32: the recurrence is short
/// and its sums are where bf16 loses most.
class LastOutputLstm : public torch::nn::LSTMImpl {
 public:
  LastOutputLstm(int feature_count, int hidden_count);
  torch::Tensor last_output(const torch::Tensor& features);
};

/// Rows `r18_lstm`, `r50_lstm`: `backbone.`, `lstm.`, `fc.`.
[[nodiscard]] std::shared_ptr<Network> make_resnet_lstm(ResNetDepth depth, int class_count);

}  // namespace ferv::models
