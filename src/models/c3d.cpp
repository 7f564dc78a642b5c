// SPDX-License-Identifier: Apache-2.0
#include "c3d.h"

#include <array>

#include "ferv/nn/layout.h"
#include "ferv/nn/volumes.h"
#include "initialisation.h"

namespace ferv::models {
namespace {

using torch::nn::Conv3d;
using torch::nn::Conv3dOptions;
using torch::nn::Dropout;
using torch::nn::Linear;

struct Layer {
  const char* name;
  int width;
  bool ends_stage;  ///< a pool follows
};
constexpr std::array<Layer, 8> kLayers = {{{"conv1", 64, true},
                                           {"conv2", 128, true},
                                           {"conv3a", 256, false},
                                           {"conv3b", 256, true},
                                           {"conv4a", 512, false},
                                           {"conv4b", 512, true},
                                           {"conv5a", 512, false},
                                           {"conv5b", 512, true}}};

/// The first pool keeps the frames apart; the last one is padded so that 7 x 7 pixels give 4 x 4.
nn::VolumePool pool_after(std::size_t layer) {
  if (layer == 0) return {.window = {1, 2, 2}, .stride = {1, 2, 2}};
  if (layer + 1 == kLayers.size()) return {.window = {2, 2, 2}, .stride = {2, 2, 2}, .padding = {0, 1, 1}};
  return {.window = {2, 2, 2}, .stride = {2, 2, 2}};
}

class C3d : public Network {
 public:
  explicit C3d(int class_count) : trunk_(std::make_shared<C3dTrunk>()) {
    for (const auto& child : trunk_->named_children()) register_module(child.key(), child.value());
    fc6_ = register_module("fc6", Linear(kC3dFeatureCount, kC3dWidth));
    fc7_ = register_module("fc7", Linear(kC3dWidth, kC3dWidth));
    fc8_ = register_module("fc8", Linear(kC3dWidth, class_count));
    dropout_ = register_module("dropout", Dropout(0.5));
    // The paper starts all layers from small Gaussians and trains on a million clips. Ours start as
    // torchvision's VGG does, the same kind of network.
    initialise_convolutions(*this);
    initialise_linear_layers(*this);
  }

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    torch::Tensor x = dropout_(fc6_(trunk_->forward(streams[0])).relu_());
    x = dropout_(fc7_(x).relu_());
    return fc8_(x);
  }

 private:
  std::shared_ptr<C3dTrunk> trunk_;
  Linear fc6_{nullptr}, fc7_{nullptr}, fc8_{nullptr};
  Dropout dropout_{nullptr};
};

}  // namespace

C3dTrunk::C3dTrunk() {
  int channels = 3;
  for (const Layer& layer : kLayers) {
    convolutions_.push_back(
        register_module(layer.name, Conv3d(Conv3dOptions(channels, layer.width, 3).padding(1))));
    channels = layer.width;
  }
}

torch::Tensor C3dTrunk::forward(const torch::Tensor& clips) {
  torch::Tensor x = nn::as_volumes(clips);
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    x = convolutions_[i](x).relu_();
    if (kLayers[i].ends_stage) x = nn::max_pool(x, pool_after(i));
  }
  return x.flatten(1);
}

std::shared_ptr<Network> make_c3d(int class_count) {
  return std::make_shared<C3d>(class_count);
}

}  // namespace ferv::models
