// SPDX-License-Identifier: Apache-2.0
// What every network of the zoo is underneath: a module from streams of clips to logits.
#pragma once

#include <torch/torch.h>

#include <span>

namespace ferv::models {

class Network : public torch::nn::Module {
 public:
  /// One float [B, 3, T, H, W] a stream, checked already; returns logits [B, K].
  virtual torch::Tensor forward(std::span<const torch::Tensor> streams) = 0;
};

}  // namespace ferv::models
