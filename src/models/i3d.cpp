// SPDX-License-Identifier: Apache-2.0
#include "i3d.h"

#include <array>

#include "ferv/nn/layout.h"
#include "ferv/nn/volumes.h"

namespace ferv::models {
namespace {

using nn::BatchNorm;
using torch::nn::BatchNormOptions;
using torch::nn::Conv3d;
using torch::nn::Conv3dOptions;
using torch::nn::Dropout;

class SamePool : public torch::nn::Module {
 public:
  SamePool(nn::Extent window, nn::Extent stride) : window_(window), stride_(stride) {}
  torch::Tensor forward(const torch::Tensor& volumes) { return nn::max_pool_same(volumes, window_, stride_); }

 private:
  nn::Extent window_;
  nn::Extent stride_;
};

/// Channels of an Inception module: branch 0 is 1x1x1; 1 and 2 reduce and then look around; 3 pools first.
struct MixedWidths {
  int b0, b1a, b1b, b2a, b2b, b3b;
  [[nodiscard]] int sum() const { return b0 + b1b + b2b + b3b; }
};

class Mixed : public torch::nn::Module {
 public:
  Mixed(int in_channels, const MixedWidths& widths)
      : b0_(unit("b0", {in_channels, widths.b0})),
        b1a_(unit("b1a", {in_channels, widths.b1a})),
        b1b_(unit("b1b", {widths.b1a, widths.b1b, 3})),
        b2a_(unit("b2a", {in_channels, widths.b2a})),
        b2b_(unit("b2b", {widths.b2a, widths.b2b, 3})),
        b3b_(unit("b3b", {in_channels, widths.b3b})) {}

  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor pooled = nn::max_pool_same(input, {3, 3, 3}, {1, 1, 1});
    return torch::cat({b0_->forward(input), b1b_->forward(b1a_->forward(input)),
                       b2b_->forward(b2a_->forward(input)), b3b_->forward(pooled)},
                      1);
  }

 private:
  std::shared_ptr<I3dUnit> unit(const char* name, const I3dUnit::Options& options) {
    return register_module(name, std::make_shared<I3dUnit>(options));
  }

  std::shared_ptr<I3dUnit> b0_, b1a_, b1b_, b2a_, b2b_, b3b_;
};

class I3d : public Network {
 public:
  explicit I3d(int class_count) : trunk_(std::make_shared<I3dTrunk>()) {
    for (const auto& child : trunk_->named_children()) register_module(child.key(), child.value());
    dropout_ = register_module("dropout", Dropout(0.5));
    logits_ = register_module("logits", std::make_shared<I3dUnit>(I3dUnit::Options{
                                            I3dTrunk::kFeatureCount, class_count, 1, 1, /*is_logits=*/true}));
  }

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    const torch::Tensor features = dropout_(trunk_->forward(streams[0]));
    return logits_->forward(features.unflatten(1, {-1, 1, 1, 1})).flatten(1);
  }

 private:
  std::shared_ptr<I3dTrunk> trunk_;
  Dropout dropout_{nullptr};
  std::shared_ptr<I3dUnit> logits_;
};

}  // namespace

I3dUnit::I3dUnit(const Options& options) : options_(options) {
  conv3d_ = register_module("conv3d",
                            Conv3d(Conv3dOptions(options.in_channels, options.out_channels, options.window)
                                       .stride(options.stride)
                                       .bias(options.is_logits)));
  if (!options.is_logits)
    bn_ = register_module("bn", BatchNorm(BatchNormOptions(options.out_channels).eps(1e-3).momentum(0.01)));
}

torch::Tensor I3dUnit::forward(const torch::Tensor& volumes) {
  const std::int64_t window = options_.window;
  const std::int64_t stride = options_.stride;
  const auto [front, back] =
      nn::same_padding(nn::extent_of(volumes), {window, window, window}, {stride, stride, stride});
  torch::Tensor x;
  if (front == back) {
    x = torch::conv3d(volumes, conv3d_->weight, conv3d_->bias, {stride, stride, stride}, front);
  } else {
    x = conv3d_(torch::constant_pad_nd(volumes, {front[2], back[2], front[1], back[1], front[0], back[0]}));
  }
  return options_.is_logits ? x : bn_->forward_relu(x);
}

I3dTrunk::I3dTrunk() {
  int channels = 3;
  const auto unit = [&](const char* name, int width, int window, int stride) {
    stages_->push_back(
        register_module(name, std::make_shared<I3dUnit>(I3dUnit::Options{channels, width, window, stride})));
    channels = width;
  };
  const auto pool = [&](nn::Extent window, nn::Extent stride) {
    stages_->push_back(std::make_shared<SamePool>(window, stride));
  };
  const auto mixed = [&](const char* name, const MixedWidths& widths) {
    stages_->push_back(register_module(name, std::make_shared<Mixed>(channels, widths)));
    channels = widths.sum();
  };
  unit("Conv3d_1a_7x7", 64, 7, 2);
  pool({1, 3, 3}, {1, 2, 2});
  unit("Conv3d_2b_1x1", 64, 1, 1);
  unit("Conv3d_2c_3x3", 192, 3, 1);
  pool({1, 3, 3}, {1, 2, 2});
  mixed("Mixed_3b", {64, 96, 128, 16, 32, 32});
  mixed("Mixed_3c", {128, 128, 192, 32, 96, 64});
  pool({3, 3, 3}, {2, 2, 2});
  mixed("Mixed_4b", {192, 96, 208, 16, 48, 64});
  mixed("Mixed_4c", {160, 112, 224, 24, 64, 64});
  mixed("Mixed_4d", {128, 128, 256, 24, 64, 64});
  mixed("Mixed_4e", {112, 144, 288, 32, 64, 64});
  mixed("Mixed_4f", {256, 160, 320, 32, 128, 128});
  pool({2, 2, 2}, {2, 2, 2});
  mixed("Mixed_5b", {256, 160, 320, 32, 128, 128});
  mixed("Mixed_5c", {384, 192, 384, 48, 128, 128});
}

torch::Tensor I3dTrunk::forward(const torch::Tensor& clips) {
  return stages_->forward(nn::as_volumes(clips)).mean({2, 3, 4});
}

std::shared_ptr<Network> make_i3d(int class_count) {
  return std::make_shared<I3d>(class_count);
}

}  // namespace ferv::models
