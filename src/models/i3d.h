// SPDX-License-Identifier: Apache-2.0
// I3D: Inception-v1 inflated to three dimensions (Carreira & Zisserman 2017, arXiv:1705.07750).
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "ferv/nn/batch_norm.h"
#include "network.h"

namespace ferv::models {

/// Convolution with TensorFlow's "same" padding; batch norm and ReLU follow, but not in the `logits`.
/// Names: `conv3d`, `bn`.
class I3dUnit : public torch::nn::Module {
 public:
  struct Options {
    int in_channels;
    int out_channels;
    int window = 1;
    int stride = 1;
    bool is_logits = false;  ///< bias instead of batch norm and ReLU
  };
  explicit I3dUnit(const Options& options);
  torch::Tensor forward(const torch::Tensor& volumes);

 private:
  Options options_;
  torch::nn::Conv3d conv3d_{nullptr};
  nn::BatchNorm bn_{nullptr};
};

/// Clips [B, 3, T, H, W] of any size -> features [B, 1024]: the names of the PyTorch port that is in wide
/// use, `Conv3d_1a_7x7` ... `Mixed_5c`. Differs from the paper, as zoo.md asks: the average goes over all of
/// T, H and W, so that any input size serves.
class I3dTrunk : public torch::nn::Module {
 public:
  static constexpr int kFeatureCount = 1024;

  I3dTrunk();
  torch::Tensor forward(const torch::Tensor& clips);

 private:
  torch::nn::Sequential stages_;
};

/// Row `i3d`: the trunk's names and `logits` at the top level. All layers start as LibTorch's defaults, as in
/// that port.
[[nodiscard]] std::shared_ptr<Network> make_i3d(int class_count);

}  // namespace ferv::models
