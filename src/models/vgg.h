// SPDX-License-Identifier: Apache-2.0
// VGG-13 and VGG-16 without batch norm (Simonyan & Zisserman 2015, arXiv:1409.1556) as torchvision has them,
// and the VGG-LSTM rows.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "network.h"

namespace ferv::models {

enum class VggDepth { k13, k16 };

/// Pictures [N, 3, H, W], sides of 32 px at least -> features [N, 512 * 7 * 7]: the convolutions
/// (`features.N`) and the adaptive average pool to 7 x 7.
class VggFeatures : public torch::nn::Module {
 public:
  explicit VggFeatures(VggDepth depth);
  torch::Tensor forward(const torch::Tensor& pictures);

 private:
  torch::nn::Sequential features_;
};

/// Width of the first two fully connected layers, fc6 and fc7.
constexpr int kVggWidth = 4096;

/// torchvision's `classifier.N` up to the dropout after fc7: features [N, 512 * 7 * 7] -> [N, 4096].
[[nodiscard]] torch::nn::Sequential make_vgg_classifier();

/// Rows `vgg13`, `vgg16`: logits of every frame, mean over frames.
[[nodiscard]] std::shared_ptr<Network> make_vgg(VggDepth depth, int class_count);

/// What the LSTM of VGG rows sees of a frame, and its width.
constexpr int kVggLstmWidth = 512;

/// Rows `vgg13_lstm`, `vgg16_lstm`: `backbone.` up to fc7, `projection.` 4096-512, `lstm.`, `fc.`.
[[nodiscard]] std::shared_ptr<Network> make_vgg_lstm(VggDepth depth, int class_count);

}  // namespace ferv::models
