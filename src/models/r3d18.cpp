// SPDX-License-Identifier: Apache-2.0
#include "r3d18.h"

#include "ferv/nn/batch_norm.h"
#include "ferv/nn/layout.h"
#include "initialisation.h"

namespace ferv::models {
namespace {

using nn::BatchNorm;
using torch::nn::Conv3d;
using torch::nn::Conv3dOptions;
using torch::nn::Linear;
using torch::nn::Sequential;

/// Convolution `0` and normalisation `1`: torchvision's names have a ReLU without weights behind them.
Sequential normalised(const Conv3dOptions& options) {
  return Sequential(Conv3d(Conv3dOptions(options).bias(false)), BatchNorm(options.out_channels()));
}

/// What normalised() makes, with the ReLU, before which `addend` is added where there is one.
torch::Tensor rectified(Sequential& layers, const torch::Tensor& input, const torch::Tensor& addend = {}) {
  const torch::Tensor x = layers->at<torch::nn::Conv3dImpl>(0).forward(input);
  return layers->at<nn::BatchNormImpl>(1).forward_relu(x, addend);
}

class Block : public torch::nn::Module {
 public:
  Block(int in_channels, int width, int stride)
      : conv1_(register_module("conv1",
                               normalised(Conv3dOptions(in_channels, width, 3).stride(stride).padding(1)))),
        conv2_(register_module("conv2", normalised(Conv3dOptions(width, width, 3).padding(1)))) {
    if (stride != 1 || in_channels != width) {
      downsample_ =
          register_module("downsample", normalised(Conv3dOptions(in_channels, width, 1).stride(stride)));
    }
  }

  torch::Tensor forward(const torch::Tensor& input) {
    return rectified(conv2_, rectified(conv1_, input),
                     downsample_.is_empty() ? input : downsample_->forward(input));
  }

 private:
  Sequential conv1_;
  Sequential conv2_;
  Sequential downsample_{nullptr};
};

Sequential layer(int in_channels, int width, int stride) {
  return Sequential(Block(in_channels, width, stride), Block(width, width, 1));
}

class R3d18 : public Network {
 public:
  explicit R3d18(int class_count) : trunk_(std::make_shared<R3d18Trunk>()) {
    for (const auto& child : trunk_->named_children()) register_module(child.key(), child.value());
    fc_ = register_module("fc", Linear(R3d18Trunk::kFeatureCount, class_count));
    initialise_linear_layers(*this);
  }

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    return fc_(trunk_->forward(streams[0]));
  }

 private:
  std::shared_ptr<R3d18Trunk> trunk_;
  Linear fc_{nullptr};
};

}  // namespace

R3d18Trunk::R3d18Trunk() {
  stem_ = register_module("stem",
                          normalised(Conv3dOptions(3, 64, {3, 7, 7}).stride({1, 2, 2}).padding({1, 3, 3})));
  layer1_ = register_module("layer1", layer(64, 64, 1));
  layer2_ = register_module("layer2", layer(64, 128, 2));
  layer3_ = register_module("layer3", layer(128, 256, 2));
  layer4_ = register_module("layer4", layer(256, kFeatureCount, 2));
  initialise_convolutions(*this);
}

torch::Tensor R3d18Trunk::forward(const torch::Tensor& clips) {
  torch::Tensor x = rectified(stem_, nn::as_volumes(clips));
  x = layer4_->forward(layer3_->forward(layer2_->forward(layer1_->forward(x))));
  return x.mean({2, 3, 4});
}

std::shared_ptr<Network> make_r3d18(int class_count) {
  return std::make_shared<R3d18>(class_count);
}

}  // namespace ferv::models
