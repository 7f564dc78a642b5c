// SPDX-License-Identifier: Apache-2.0
// 3-D ResNet-18 (Tran et al. 2018, arXiv:1711.11248) as torchvision's r3d_18 has it.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "network.h"

namespace ferv::models {

/// Clips [B, 3, T, H, W] of any size -> features [B, 512]: `stem`, `layer1` ... `layer4`, mean over the rest.
class R3d18Trunk : public torch::nn::Module {
 public:
  static constexpr int kFeatureCount = 512;

  R3d18Trunk();
  torch::Tensor forward(const torch::Tensor& clips);

 private:
  torch::nn::Sequential stem_{nullptr};
  torch::nn::Sequential layer1_{nullptr}, layer2_{nullptr}, layer3_{nullptr}, layer4_{nullptr};
};

/// Row `r3d18`: the trunk's names and `fc` at the top level.
[[nodiscard]] std::shared_ptr<Network> make_r3d18(int class_count);

}  // namespace ferv::models
