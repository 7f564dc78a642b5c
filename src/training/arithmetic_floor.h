// SPDX-License-Identifier: Apache-2.0
// The convolutions and matrix products of a network by themselves: what is left of a training step when
// everything else costs nothing.
#pragma once

#include <torch/types.h>

#include <vector>

#include "ferv/models/zoo.h"

namespace ferv::training {

class ArithmeticFloor {
 public:
  /// Inputs and weights of the network's shapes, in bf16, for `batch_size` clips; 2-D maps channels-last.
  ArithmeticFloor(models::Model& model, std::int64_t batch_size);
  /// Each operation once forward, and once back to its weights and, but for those that read the clip itself,
  /// to its input.
  void run();
  /// Multiply-accumulates of the forward pass.
  [[nodiscard]] std::int64_t mac_count() const;

 private:
  struct Convolution {
    torch::Tensor input;
    torch::Tensor weight;
    torch::Tensor output_gradient;
    std::vector<std::int64_t> stride;
    std::vector<std::int64_t> padding;
    bool reads_clip = false;
  };
  /// [rows, inputs] x [inputs, outputs], `times` over.
  struct Product {
    torch::Tensor input;
    torch::Tensor weight;
    torch::Tensor output_gradient;
    std::int64_t times = 1;
  };
  std::vector<Convolution> convolutions_;
  std::vector<Product> products_;
};

}  // namespace ferv::training
