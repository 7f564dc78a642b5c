// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "ferv/weights/named_tensors.h"
#include "matchers.h"

namespace ferv::weights {
namespace {

using testing::HasSubstr;

torch::nn::Sequential network() {
  return torch::nn::Sequential(torch::nn::Linear(3, 2), torch::nn::BatchNorm1d(2));
}

TEST(ModuleState, MovesFromOneModuleToAnother) {
  auto a = network();
  auto b = network();
  load_state(*b, state_of(*a));
  const torch::Tensor x = torch::rand({4, 3});
  a->eval();
  b->eval();
  EXPECT_TRUE(torch::equal(a->forward(x), b->forward(x)));
  EXPECT_EQ(state_of(*a).tensors.size(), 7U) << "parameters and buffers";
}

TEST(ModuleState, ChangesNothingWhenSomethingDoesNotFit) {
  auto module = network();
  const torch::Tensor before = module->parameters()[0].clone();
  NamedTensors state;
  for (const auto& [name, tensor] : state_of(*module).tensors)
    state.tensors.emplace_back(name, torch::ones_like(tensor));
  state.tensors[1].second = torch::ones({5});
  state.tensors[2].first = "stranger";
  test::expect_error(ErrorKind::kIncompatible,
                     testing::AllOf(HasSubstr("missing 1.weight"), HasSubstr("0.bias is [5], wanted [2]"),
                                    HasSubstr("left over stranger")),
                     [&] { load_state(*module, state); });
  EXPECT_TRUE(torch::equal(module->parameters()[0], before));
}

}  // namespace
}  // namespace ferv::weights
