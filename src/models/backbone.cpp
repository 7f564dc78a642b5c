// SPDX-License-Identifier: Apache-2.0
#include "ferv/models/backbone.h"

#include <torch/torch.h>

#include "ferv/base/error.h"
#include "ferv/nn/seed_scope.h"
#include "resnet.h"

namespace ferv::models {
namespace {

class ResNetBackbone : public Backbone {
 public:
  explicit ResNetBackbone(ResNetDepth depth) : trunk_(std::make_shared<ResNetTrunk>(depth)) {}
  torch::Tensor forward(const torch::Tensor& pictures) override { return trunk_->forward(pictures); }
  std::shared_ptr<torch::nn::Module> module() override { return trunk_; }
  [[nodiscard]] int feature_count() const override { return trunk_->feature_count(); }

 private:
  std::shared_ptr<ResNetTrunk> trunk_;
};

}  // namespace

std::unique_ptr<Backbone> make_backbone(std::string_view id, std::uint64_t seed) {
  const nn::SeedScope scope(seed);
  if (id == "resnet18") return std::make_unique<ResNetBackbone>(ResNetDepth::k18);
  if (id == "resnet50") return std::make_unique<ResNetBackbone>(ResNetDepth::k50);
  throw invalid_argument("backbone is '" + std::string(id) + "', wanted resnet18 or resnet50");
}

}  // namespace ferv::models
