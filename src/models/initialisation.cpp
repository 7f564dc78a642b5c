// SPDX-License-Identifier: Apache-2.0
#include "initialisation.h"

namespace ferv::models {
namespace {

template <typename Convolution>
void initialise(Convolution* layer) {
  if (layer == nullptr) return;
  torch::nn::init::kaiming_normal_(layer->weight, 0.0, torch::kFanOut, torch::kReLU);
  if (layer->bias.defined()) torch::nn::init::zeros_(layer->bias);
}

}  // namespace

void initialise_convolutions(torch::nn::Module& module) {
  // Without the module itself: that would need its shared_ptr, which a constructor does not have yet.
  for (const auto& layer : module.modules(/*include_self=*/false)) {
    initialise(layer->as<torch::nn::Conv2dImpl>());
    initialise(layer->as<torch::nn::Conv3dImpl>());
  }
}

void initialise_linear_layers(torch::nn::Module& module) {
  for (const auto& layer : module.modules(/*include_self=*/false)) {
    if (auto* linear = layer->as<torch::nn::LinearImpl>()) {
      torch::nn::init::normal_(linear->weight, 0.0, 0.01);
      torch::nn::init::zeros_(linear->bias);
    }
  }
}

}  // namespace ferv::models
