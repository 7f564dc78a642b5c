// SPDX-License-Identifier: Apache-2.0
#include "face_network.h"

#include "ferv/base/random.h"
#include "ferv/nn/seed_scope.h"

namespace ferv::training {

FaceNetwork::FaceNetwork(const FaceNetworkOptions& options, std::uint64_t seed)
    : options_(options), backbone_(models::make_backbone(options.backbone, seed)) {
  for (const auto& child : backbone_->module()->named_children()) register_module(child.key(), child.value());
  const nn::SeedScope scope(derive_seed(seed, "head"));
  if (options.has_margin_head) {
    margin_ = register_module("margin",
                              std::make_shared<MarginHead>(backbone_->feature_count(), options.class_count));
  } else {
    fc_ = register_module("fc", torch::nn::Linear(backbone_->feature_count(), options.class_count));
  }
}

torch::Tensor FaceNetwork::features(const torch::Tensor& pictures) {
  const nn::AutocastScope autocast(options_.precision, pictures.device().type());
  return backbone_->forward(pictures);
}

torch::Tensor FaceNetwork::scores(const torch::Tensor& features) {
  if (margin_) return margin_->forward(features) * options_.margin.scale;
  return fc_->forward(features.to(torch::kFloat32));
}

torch::Tensor FaceNetwork::training_scores(const torch::Tensor& scores, const torch::Tensor& labels) const {
  return margin_ ? margin_logits(scores / options_.margin.scale, labels, options_.margin) : scores;
}

}  // namespace ferv::training
