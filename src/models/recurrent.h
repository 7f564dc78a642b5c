// SPDX-License-Identifier: Apache-2.0
// CNN-LSTM rows: features of every frame, an LSTM over time, its last output to the classifier.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "ferv/nn/lstm_recurrence.h"
#include "ferv/nn/precision.h"
#include "network.h"
#include "resnet.h"

namespace ferv::models {

/// Features [B, T, D] -> the LSTM's output at the last frame [B, H], float32 whatever the precision of
/// products.
class LastOutputLstm : public torch::nn::LSTMImpl {
 public:
  LastOutputLstm(int feature_count, int hidden_count);
  /// What is known of frames on their own, [N, D] -> [N, E]: the features themselves, and after
  /// prepare_for_inference() what the input weights make of them, so that it is made once a frame.
  torch::Tensor seen(const torch::Tensor& features) const;
  /// What is known of the frames of clips, in order, [B, T, E].
  torch::Tensor last_output(const torch::Tensor& seen_frames);
  /// From here on evaluation alone, without gradients for the weights.
  void prepare_for_inference(nn::Precision precision);

 private:
  nn::LstmRecurrence recurrence_;  ///< empty in training
  torch::Tensor input_weights_;    ///< [4H, D], in the format of inference
  torch::Tensor input_bias_;       ///< [4H], both biases
};

/// Rows `r18_lstm`, `r50_lstm`: `backbone.`, `lstm.`, `fc.`.
[[nodiscard]] std::shared_ptr<Network> make_resnet_lstm(ResNetDepth depth, int class_count);

}  // namespace ferv::models
