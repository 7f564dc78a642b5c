// SPDX-License-Identifier: Apache-2.0
#include "recurrent.h"

#include "ferv/nn/lstm_sequence.h"
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
    return lstm_->seen(backbone_->forward(pictures));
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

torch::Tensor LastOutputLstm::seen(const torch::Tensor& features) const {
  if (recurrence_.is_empty()) return features;
  return torch::linear(features.to(input_weights_.scalar_type()), input_weights_).to(torch::kFloat32) +
         input_bias_;
}

void LastOutputLstm::prepare_for_inference(nn::Precision precision) {
  const torch::NoGradGuard no_grad;
  const auto own = named_parameters();
  if (!own["weight_hh_l0"].is_cpu()) return;  // the recurrence below is the processor's
  recurrence_ = nn::LstmRecurrence(own["weight_hh_l0"], precision);
  input_weights_ = own["weight_ih_l0"].detach().to(precision == nn::Precision::kBFloat16 ? torch::kBFloat16
                                                                                         : torch::kFloat32);
  input_bias_ = (own["bias_ih_l0"] + own["bias_hh_l0"]).detach();
}

torch::Tensor LastOutputLstm::last_output(const torch::Tensor& seen_frames) {
  if (!recurrence_.is_empty()) return recurrence_.last_output(seen_frames);
  // On a GPU too: cuDNN's gives no gradients in evaluation mode, which frame weights want.
  const auto own = named_parameters();
  return nn::lstm_last_output(
      seen_frames, {own["weight_ih_l0"], own["weight_hh_l0"], own["bias_ih_l0"], own["bias_hh_l0"]});
}

std::shared_ptr<Network> make_resnet_lstm(ResNetDepth depth, int class_count) {
  return std::make_shared<ResNetLstm>(depth, class_count);
}

}  // namespace ferv::models
