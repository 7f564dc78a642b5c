// SPDX-License-Identifier: Apache-2.0
// ResNet-18 and ResNet-50 (He et al. 2016, arXiv:1512.03385) as torchvision has them, names and
// initialisation included.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "ferv/nn/batch_norm.h"
#include "network.h"

namespace ferv::models {

enum class ResNetDepth { k18, k50 };

/// Pictures [N, 3, H, W] -> features [N, 512 or 2048]: everything up to the global average pool.
/// Differs from the paper: in ResNet-50 the stride is at the 3x3 convolution, as in torchvision (v1.5).
class ResNetTrunk : public torch::nn::Module {
 public:
  explicit ResNetTrunk(ResNetDepth depth);
  torch::Tensor forward(const torch::Tensor& pictures);
  [[nodiscard]] int feature_count() const { return feature_count_; }

 private:
  torch::nn::Sequential make_layer(ResNetDepth depth, int width, int block_count, int stride);

  int in_channels_ = 64;
  int feature_count_;
  torch::nn::Conv2d conv1_{nullptr};
  nn::BatchNorm bn1_{nullptr};
  torch::nn::Sequential layer1_{nullptr}, layer2_{nullptr}, layer3_{nullptr}, layer4_{nullptr};
};

/// Rows `resnet18`, `resnet50`: logits of every frame, mean over frames.
[[nodiscard]] std::shared_ptr<Network> make_resnet(ResNetDepth depth, int class_count);

}  // namespace ferv::models
