// SPDX-License-Identifier: Apache-2.0
// The recurrent half of an LSTM for inference: a small product in every step, whose weights stay in the
// cache.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "ferv/nn/precision.h"

namespace ferv::nn {

/// Runs one-layer LSTMs over inputs that have gone through the input weights already:
///     i, f, g, o = gates_t + W h_{t-1};  c_t = sigmoid(f) c_{t-1} + sigmoid(i) tanh(g)
///     h_t = sigmoid(o) tanh(c_t)
/// as LibTorch has them. A clip alone is a chain of products of a matrix with a vector, which libraries read
/// from memory each time; here the weights lie in the order that they are used in, in half the bytes for bf16
/// (sums are float32 in any case), and several clips share each read.
class LstmRecurrence {
 public:
  LstmRecurrence() = default;
  /// `weights`: float32 [4H, H], LibTorch's weight_hh; H a multiple of 16. Throws kUnsupported for others.
  LstmRecurrence(const torch::Tensor& weights, Precision precision);

  [[nodiscard]] bool is_empty() const { return width_ == 0; }
  /// `gates`: float32 [B, T, 4H], input weights and both biases in them. Returns h_T, float32 [B, H].
  [[nodiscard]] torch::Tensor last_output(const torch::Tensor& gates) const;

 private:
  std::int64_t width_ = 0;
  // [H / 16, H, 4, 16]: for sixteen units all that they see of each unit before them, gate by gate.
  std::vector<float> weights_;
  std::vector<std::uint16_t> half_weights_;  ///< the same in bf16; one of the two is empty
};

}  // namespace ferv::nn
