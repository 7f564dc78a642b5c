// SPDX-License-Identifier: Apache-2.0
// What `ferv pretrain` trains: a backbone with a head that names a person or an expression.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>

#include "ferv/models/backbone.h"
#include "ferv/nn/precision.h"
#include "margin_head.h"

namespace ferv::training {

struct FaceNetworkOptions {
  std::string backbone = "resnet18";
  int class_count = 7;
  bool has_margin_head = false;
  MarginOptions margin;
  nn::Precision precision = nn::Precision::kFloat32;
};

/// Computes where its parameters are. With the softmax head the state dict is that of the zoo row of the
/// backbone's name. The margin head's tensors lie under "margin.".
class FaceNetwork : public torch::nn::Module {
 public:
  FaceNetwork(const FaceNetworkOptions& options, std::uint64_t seed);
  /// float32 [B, 3, H, W] -> [B, D].
  torch::Tensor features(const torch::Tensor& pictures);
  /// Features to what ranks the classes: logits, or cosines times the scale, float32 [B, K].
  torch::Tensor scores(const torch::Tensor& features);
  /// The same with the margin on the true class, for the loss.
  torch::Tensor training_scores(const torch::Tensor& scores, const torch::Tensor& labels) const;
  /// Of the softmax head; undefined with the margin head.
  [[nodiscard]] torch::Tensor output_bias() const { return fc_ ? fc_->bias : torch::Tensor(); }
  [[nodiscard]] std::shared_ptr<torch::nn::Module> backbone() { return backbone_->module(); }

 private:
  FaceNetworkOptions options_;
  std::unique_ptr<models::Backbone> backbone_;
  torch::nn::Linear fc_{nullptr};
  std::shared_ptr<MarginHead> margin_;
};

}  // namespace ferv::training
