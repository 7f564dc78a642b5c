// SPDX-License-Identifier: Apache-2.0
// C3D (Tran et al. 2015, arXiv:1412.0767).
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "network.h"

namespace ferv::models {

/// Clips [B, 3, 16, 112, 112] -> pool5 maps [B, 8192]: `conv1` ... `conv5b`, 3x3x3 with bias and ReLU, no
/// batch norm. Other sizes would give other numbers of features, for which fc6 is not made.
class C3dTrunk : public torch::nn::Module {
 public:
  C3dTrunk();
  torch::Tensor forward(const torch::Tensor& clips);

 private:
  std::vector<torch::nn::Conv3d> convolutions_;
};

constexpr int kC3dFeatureCount = 512 * 1 * 4 * 4;
constexpr int kC3dWidth = 4096;

/// Row `c3d`: the trunk's names, `fc6`, `fc7`, `fc8`, at the top level.
[[nodiscard]] std::shared_ptr<Network> make_c3d(int class_count);

}  // namespace ferv::models
