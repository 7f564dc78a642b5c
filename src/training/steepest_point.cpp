// SPDX-License-Identifier: Apache-2.0
#include "steepest_point.h"

#include <torch/torch.h>

namespace ferv::training {

SteepestPoint::SteepestPoint(torch::nn::Module& module, double radius) {
  const torch::NoGradGuard no_grad;
  for (const torch::Tensor& statistic : module.buffers())
    own_and_saved_.emplace_back(statistic, statistic.clone());
  std::vector<torch::Tensor> moved;
  std::vector<torch::Tensor> norms;
  for (const torch::Tensor& parameter : module.parameters()) {
    if (!parameter.grad().defined()) continue;
    own_and_saved_.emplace_back(parameter, parameter.clone());
    moved.push_back(parameter);
    norms.push_back(parameter.grad().norm());
  }
  if (norms.empty()) return;
  const torch::Tensor norm = torch::stack(norms).norm();
  // Not read back: a GPU would wait for the processor.
  const torch::Tensor factor = torch::where(norm > 0, radius / norm, torch::zeros_like(norm));
  for (torch::Tensor& parameter : moved) parameter.add_(parameter.grad() * factor);
}

SteepestPoint::~SteepestPoint() {
  const torch::NoGradGuard no_grad;
  for (auto& [own, saved] : own_and_saved_) own.copy_(saved);
}

}  // namespace ferv::training
