// SPDX-License-Identifier: Apache-2.0
// An LSTM over whole sequences, for training.
#pragma once

#include <torch/types.h>

namespace ferv::nn {

/// One layer, LibTorch's names and order of gates (i, f, g, o).
struct LstmWeights {
  torch::Tensor input;           ///< weight_ih [4H, D]
  torch::Tensor recurrent;       ///< weight_hh [4H, H]
  torch::Tensor input_bias;      ///< bias_ih [4H]
  torch::Tensor recurrent_bias;  ///< bias_hh [4H]
};

/// The output at the last step, float32 [B, H], of `features` [B, T, D], from zero state. Gates, cells and
/// sums over steps are float32; products are of product_type(), as everywhere; float64 features are
/// calculated in float64. The gradient of a weight is one product over all steps: LibTorch adds up one of the
/// weight's size a step, which for a wide layer is most of its time.
[[nodiscard]] torch::Tensor lstm_last_output(const torch::Tensor& features, const LstmWeights& weights);

}  // namespace ferv::nn
