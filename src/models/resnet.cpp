// SPDX-License-Identifier: Apache-2.0
#include "resnet.h"

#include "ferv/nn/convolution.h"
#include "ferv/nn/precision.h"
#include "initialisation.h"

namespace ferv::models {
namespace {

using nn::BatchNorm;
using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::Sequential;

Conv2d convolution(int in_channels, int out_channels, int kernel, int stride) {
  return Conv2d(
      Conv2dOptions(in_channels, out_channels, kernel).stride(stride).padding(kernel / 2).bias(false));
}

/// torchvision's names: the 1x1 convolution and its normalisation that match the shortcut's shape.
Sequential downsample(int in_channels, int out_channels, int stride) {
  return Sequential(convolution(in_channels, out_channels, 1, stride), BatchNorm(out_channels));
}

/// Two 3x3 convolutions.
class BasicBlock : public torch::nn::Module {
 public:
  BasicBlock(int in_channels, int width, int stride)
      : conv1_(register_module("conv1", convolution(in_channels, width, 3, stride))),
        bn1_(register_module("bn1", BatchNorm(width))),
        conv2_(register_module("conv2", convolution(width, width, 3, 1))),
        bn2_(register_module("bn2", BatchNorm(width))) {
    if (stride != 1 || in_channels != width)
      downsample_ = register_module("downsample", downsample(in_channels, width, stride));
  }

  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor x = bn1_->forward_relu(nn::convolve(*conv1_, input));
    return bn2_->forward_relu(nn::convolve(*conv2_, x),
                              downsample_.is_empty() ? input : downsample_->forward(input));
  }

 private:
  Conv2d conv1_;
  BatchNorm bn1_;
  Conv2d conv2_;
  BatchNorm bn2_;
  Sequential downsample_{nullptr};
};

/// 1x1, 3x3, 1x1 with four times the width at the end.
class Bottleneck : public torch::nn::Module {
 public:
  static constexpr int kExpansion = 4;

  Bottleneck(int in_channels, int width, int stride)
      : conv1_(register_module("conv1", convolution(in_channels, width, 1, 1))),
        bn1_(register_module("bn1", BatchNorm(width))),
        conv2_(register_module("conv2", convolution(width, width, 3, stride))),
        bn2_(register_module("bn2", BatchNorm(width))),
        conv3_(register_module("conv3", convolution(width, width * kExpansion, 1, 1))),
        bn3_(register_module("bn3", BatchNorm(width * kExpansion))) {
    if (stride != 1 || in_channels != width * kExpansion) {
      downsample_ = register_module("downsample", downsample(in_channels, width * kExpansion, stride));
    }
  }

  torch::Tensor forward(const torch::Tensor& input) {
    torch::Tensor x = bn1_->forward_relu(conv1_(input));
    x = bn2_->forward_relu(nn::convolve(*conv2_, x));
    return bn3_->forward_relu(conv3_(x), downsample_.is_empty() ? input : downsample_->forward(input));
  }

 private:
  Conv2d conv1_;
  BatchNorm bn1_;
  Conv2d conv2_;
  BatchNorm bn2_;
  Conv2d conv3_;
  BatchNorm bn3_;
  Sequential downsample_{nullptr};
};

/// A whole classifier: trunk and `fc` under the names of torchvision's state dict, no prefix.
class ResNet : public FrameNetwork {
 public:
  ResNet(ResNetDepth depth, int class_count) : trunk_(std::make_shared<ResNetTrunk>(depth)) {
    for (const auto& child : trunk_->named_children()) register_module(child.key(), child.value());
    fc_ = register_module("fc", torch::nn::Linear(trunk_->feature_count(), class_count));
  }

  torch::Tensor frame_features(const torch::Tensor& pictures) override {
    return fc_(trunk_->forward(pictures));
  }
  torch::Tensor join_frames(const torch::Tensor& features) override { return features.mean(1); }

 private:
  std::shared_ptr<ResNetTrunk> trunk_;
  torch::nn::Linear fc_{nullptr};
};

}  // namespace

ResNetTrunk::ResNetTrunk(ResNetDepth depth)
    : feature_count_(depth == ResNetDepth::k18 ? 512 : 512 * Bottleneck::kExpansion),
      conv1_(register_module("conv1", Conv2d(Conv2dOptions(3, 64, 7).stride(2).padding(3).bias(false)))),
      bn1_(register_module("bn1", BatchNorm(64))) {
  const bool is_18 = depth == ResNetDepth::k18;
  layer1_ = register_module("layer1", make_layer(depth, 64, is_18 ? 2 : 3, 1));
  layer2_ = register_module("layer2", make_layer(depth, 128, is_18 ? 2 : 4, 2));
  layer3_ = register_module("layer3", make_layer(depth, 256, is_18 ? 2 : 6, 2));
  layer4_ = register_module("layer4", make_layer(depth, 512, is_18 ? 2 : 3, 2));
  initialise_convolutions(*this);
}

Sequential ResNetTrunk::make_layer(ResNetDepth depth, int width, int block_count, int stride) {
  Sequential layer;
  for (int i = 0; i < block_count; ++i) {
    const int block_stride = i == 0 ? stride : 1;
    if (depth == ResNetDepth::k18) {
      layer->push_back(std::make_shared<BasicBlock>(in_channels_, width, block_stride));
      in_channels_ = width;
    } else {
      layer->push_back(std::make_shared<Bottleneck>(in_channels_, width, block_stride));
      in_channels_ = width * Bottleneck::kExpansion;
    }
  }
  return layer;
}

torch::Tensor ResNetTrunk::forward(const torch::Tensor& pictures) {
  torch::Tensor x = bn1_->forward_relu(conv1_(nn::blocked_input(*conv1_, pictures)));
  x = torch::max_pool2d(x, 3, 2, 1);
  x = layer4_->forward(layer3_->forward(layer2_->forward(layer1_->forward(x))));
  return torch::adaptive_avg_pool2d(nn::plain_output(x), {1, 1}).flatten(1);
}

std::shared_ptr<Network> make_resnet(ResNetDepth depth, int class_count) {
  return std::make_shared<ResNet>(depth, class_count);
}

}  // namespace ferv::models
