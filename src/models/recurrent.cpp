// SPDX-License-Identifier: Apache-2.0
#include "recurrent.h"

#include "ferv/nn/precision.h"

namespace ferv::models {
namespace {

class ResNetLstm : public FrameNetwork {
 public:
  ResNetLstm(ResNetDepth depth, int class_count) {
    backbone_ = register_module("backbone", std::make_shared<ResNetTrunk>(depth));
    const int width = backbone_->feature_count();
    lstm_ = register_module("lstm", std::make_shared<LastOutputLstm>(width, width));
    fc_ = register_module("fc", torch::nn::Linear(width, class_count));
  }

  torch::Tensor frame_features(const torch::Tensor& pictures) override {
    return backbone_->forward(pictures);
  }
  torch::Tensor join_frames(const torch::Tensor& features) override {
    return fc_(lstm_->last_output(features));
  }

 private:
  std::shared_ptr<ResNetTrunk> backbone_;
  std::shared_ptr<LastOutputLstm> lstm_;
  torch::nn::Linear fc_{nullptr};
};

}  // namespace

LastOutputLstm::LastOutputLstm(int feature_count, int hidden_count)
    : torch::nn::LSTMImpl(torch::nn::LSTMOptions(feature_count, hidden_count).batch_first(true)) {}

torch::Tensor LastOutputLstm::last_output(const torch::Tensor& features) {
  const nn::AutocastScope float32(nn::Precision::kFloat32);
  const torch::Tensor outputs = std::get<0>(forward(features.to(torch::kFloat32)));
  return outputs.select(1, outputs.size(1) - 1);
}

std::shared_ptr<Network> make_resnet_lstm(ResNetDepth depth, int class_count) {
  return std::make_shared<ResNetLstm>(depth, class_count);
}

}  // namespace ferv::models
