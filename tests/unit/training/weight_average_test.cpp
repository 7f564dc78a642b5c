// SPDX-License-Identifier: Apache-2.0
#include "weight_average.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::training {
namespace {

/// One weight, one bias, and the statistics of a normalisation.
torch::nn::Sequential small_network() {
  return torch::nn::Sequential(torch::nn::Linear(1, 1), torch::nn::BatchNorm1d(1));
}

void fill(torch::nn::Module& module, double value) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : weights::state_of(module).tensors) torch::Tensor(tensor).fill_(value);
}

double first_of(const torch::nn::Module& module) {
  return weights::state_of(module).tensors.front().second.flatten()[0].item<double>();
}

TEST(WeightAverage, FollowsTheWeightsSlowerTheMoreStepsAreDone) {
  auto network = small_network();
  fill(*network, 0);
  WeightAverage average(*network, 0.9);
  fill(*network, 1);
  average.update(0);  // decay 1/10
  {
    const AveragedScope scope(&average);
    EXPECT_NEAR(first_of(*network), 0.9, 1e-6);
  }
  EXPECT_EQ(first_of(*network), 1) << "the weights are back";
  fill(*network, 0);
  average.update(1'000'000);  // the decay given
  const AveragedScope scope(&average);
  EXPECT_NEAR(first_of(*network), 0.81, 1e-6);
}

TEST(WeightAverage, CopiesWholeNumbers) {
  auto network = small_network();
  WeightAverage average(*network, 0.99);
  fill(*network, 7);
  average.update(500);
  for (const auto& [name, tensor] : average.state().tensors) {
    if (!tensor.is_floating_point()) {
      EXPECT_EQ(tensor.item<std::int64_t>(), 7) << name;
    }
  }
}

TEST(WeightAverage, ComesBackFromItsStateAndRefusesAnother) {
  auto network = small_network();
  WeightAverage average(*network, 0.9);
  fill(*network, 3);
  average.update(100);
  weights::NamedTensors state;
  for (const auto& [name, tensor] : average.state().tensors) state.tensors.emplace_back(name, tensor.clone());
  WeightAverage other(*network, 0.9);
  other.load_state(state);
  for (std::size_t i = 0; i < state.tensors.size(); ++i)
    EXPECT_TRUE(torch::equal(other.state().tensors[i].second, state.tensors[i].second));
  state.tensors.pop_back();
  test::expect_error(ErrorKind::kIncompatible, testing::HasSubstr("averaged tensors"),
                     [&] { other.load_state(state); });
}

TEST(AveragedScope, DoesNothingWithoutAnAverage) {
  const AveragedScope scope(nullptr);
}

}  // namespace
}  // namespace ferv::training
