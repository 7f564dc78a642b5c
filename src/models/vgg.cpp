// SPDX-License-Identifier: Apache-2.0
#include "vgg.h"

#include <vector>

#include "ferv/nn/precision.h"
#include "initialisation.h"
#include "recurrent.h"

namespace ferv::models {
namespace {

using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::Dropout;
using torch::nn::Linear;
using torch::nn::MaxPool2d;
using torch::nn::MaxPool2dOptions;
using torch::nn::ReLU;
using torch::nn::ReLUOptions;
using torch::nn::Sequential;

constexpr int kPooledSide = 7;
constexpr int kFeatureCount = 512 * kPooledSide * kPooledSide;

ReLU relu() {
  return ReLU(ReLUOptions().inplace(true));
}

/// Five stages, each closed by a pool; only the last three are deeper in VGG-16.
Sequential convolutions(VggDepth depth) {
  const int deep = depth == VggDepth::k13 ? 2 : 3;
  struct Stage {
    int width;
    int layer_count;
  };
  Sequential layers;
  int channels = 3;
  for (const Stage& stage : std::vector<Stage>{{64, 2}, {128, 2}, {256, deep}, {512, deep}, {512, deep}}) {
    for (int i = 0; i < stage.layer_count; ++i) {
      layers->push_back(Conv2d(Conv2dOptions(channels, stage.width, 3).padding(1)));
      layers->push_back(relu());
      channels = stage.width;
    }
    layers->push_back(MaxPool2d(MaxPool2dOptions(2).stride(2)));
  }
  return layers;
}

/// A whole classifier: `features` and `classifier` at the top level as torchvision has them.
class Vgg : public FrameNetwork {
 public:
  Vgg(VggDepth depth, int class_count) {
    const auto trunk = std::make_shared<VggFeatures>(depth);
    for (const auto& child : trunk->named_children()) register_module(child.key(), child.value());
    trunk_ = trunk;
    classifier_ = make_vgg_classifier();
    classifier_->push_back(Linear(kVggWidth, class_count));
    register_module("classifier", classifier_);
    initialise_convolutions(*this);
    initialise_linear_layers(*this);
  }

  torch::Tensor frame_features(const torch::Tensor& pictures) override {
    return classifier_->forward(trunk_->forward(pictures));
  }
  torch::Tensor join_frames(const torch::Tensor& features) override { return features.mean(1); }

 private:
  std::shared_ptr<VggFeatures> trunk_;
  Sequential classifier_{nullptr};
};

/// Everything of torchvision's VGG but its last layer, under its names.
class VggTrunk : public torch::nn::Module {
 public:
  explicit VggTrunk(VggDepth depth) : features_(std::make_shared<VggFeatures>(depth)) {
    for (const auto& child : features_->named_children()) register_module(child.key(), child.value());
    classifier_ = register_module("classifier", make_vgg_classifier());
    initialise_convolutions(*this);
    initialise_linear_layers(*this);
  }

  torch::Tensor forward(const torch::Tensor& pictures) {
    return classifier_->forward(features_->forward(pictures));
  }

 private:
  std::shared_ptr<VggFeatures> features_;
  Sequential classifier_{nullptr};
};

class VggLstm : public FrameNetwork {
 public:
  VggLstm(VggDepth depth, int class_count) {
    backbone_ = register_module("backbone", std::make_shared<VggTrunk>(depth));
    projection_ = register_module("projection", Linear(kVggWidth, kVggLstmWidth));
    lstm_ = register_module("lstm", std::make_shared<LastOutputLstm>(kVggLstmWidth, kVggLstmWidth));
    fc_ = register_module("fc", Linear(kVggLstmWidth, class_count));
  }

  torch::Tensor frame_features(const torch::Tensor& pictures) override {
    return lstm_->seen(projection_(backbone_->forward(pictures)));
  }
  torch::Tensor join_frames(const torch::Tensor& features) override {
    return fc_(lstm_->last_output(features));
  }

 private:
  std::shared_ptr<VggTrunk> backbone_;
  Linear projection_{nullptr};
  std::shared_ptr<LastOutputLstm> lstm_;
  Linear fc_{nullptr};
};

}  // namespace

VggFeatures::VggFeatures(VggDepth depth) : features_(register_module("features", convolutions(depth))) {}

torch::Tensor VggFeatures::forward(const torch::Tensor& pictures) {
  const auto& first = *features_[0]->as<Conv2d>();
  const torch::Tensor maps = nn::plain_output(features_->forward(nn::blocked_input(first, pictures)));
  return torch::adaptive_avg_pool2d(maps, {kPooledSide, kPooledSide}).flatten(1);
}

Sequential make_vgg_classifier() {
  return Sequential(Linear(kFeatureCount, kVggWidth), relu(), Dropout(0.5), Linear(kVggWidth, kVggWidth),
                    relu(), Dropout(0.5));
}

std::shared_ptr<Network> make_vgg(VggDepth depth, int class_count) {
  return std::make_shared<Vgg>(depth, class_count);
}

std::shared_ptr<Network> make_vgg_lstm(VggDepth depth, int class_count) {
  return std::make_shared<VggLstm>(depth, class_count);
}

}  // namespace ferv::models
