// SPDX-License-Identifier: Apache-2.0
// Sharpness-aware minimisation: the gradient is taken where the loss near the weights is worst.
#pragma once

#include <torch/types.h>

#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

namespace ferv::training {

/// While this lives, the module's weights are moved by `radius` (Euclidean, over all of them) along their
/// gradients; then weights and statistics of normalisations are what they were, bit for bit (Foret et al.
/// 2021, eq. 2). Weights without gradients stay; where all gradients are 0, nothing moves.
class SteepestPoint {
 public:
  SteepestPoint(torch::nn::Module& module, double radius);
  ~SteepestPoint();
  SteepestPoint(const SteepestPoint&) = delete;
  SteepestPoint& operator=(const SteepestPoint&) = delete;

 private:
  std::vector<std::pair<torch::Tensor, torch::Tensor>> own_and_saved_;
};

}  // namespace ferv::training
