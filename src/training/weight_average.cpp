// SPDX-License-Identifier: Apache-2.0
#include "weight_average.h"

#include <torch/torch.h>

#include <algorithm>

#include "ferv/base/error.h"

namespace ferv::training {

WeightAverage::WeightAverage(torch::nn::Module& module, double decay)
    : own_(weights::state_of(module).tensors), decay_(decay) {
  for (const auto& [name, tensor] : own_) averages_.push_back(tensor.detach().clone());
}

void WeightAverage::update(std::int64_t steps_done) {
  const torch::NoGradGuard no_grad;
  const auto n = static_cast<double>(steps_done);
  const double decay = std::min(decay_, (1 + n) / (10 + n));
  for (std::size_t i = 0; i < own_.size(); ++i) {
    if (averages_[i].is_floating_point()) {
      averages_[i].lerp_(own_[i].second, 1 - decay);
    } else {
      averages_[i].copy_(own_[i].second);
    }
  }
}

weights::NamedTensors WeightAverage::state() const {
  weights::NamedTensors state;
  for (std::size_t i = 0; i < own_.size(); ++i) state.tensors.emplace_back(own_[i].first, averages_[i]);
  return state;
}

void WeightAverage::load_state(const weights::NamedTensors& state) {
  const torch::NoGradGuard no_grad;
  if (state.tensors.size() != own_.size()) {
    throw incompatible("checkpoint holds " + std::to_string(state.tensors.size()) +
                       " averaged tensors, wanted " + std::to_string(own_.size()));
  }
  for (const auto& [name, tensor] : state.tensors) {
    const auto own =
        std::find_if(own_.begin(), own_.end(), [&](const auto& item) { return item.first == name; });
    if (own == own_.end() || own->second.sizes() != tensor.sizes())
      throw incompatible("checkpoint has an averaged tensor " + name + " that the model has not");
    averages_[static_cast<std::size_t>(own - own_.begin())].copy_(tensor);
  }
}

void WeightAverage::swap() {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < own_.size(); ++i) {
    const torch::Tensor kept = own_[i].second.clone();
    own_[i].second.copy_(averages_[i]);
    averages_[i].copy_(kept);
  }
}

}  // namespace ferv::training
