// SPDX-License-Identifier: Apache-2.0
#include "answer_shift.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(AnswerShift, IsAddedWhileItLivesAndGoneBitForBitAfterwards) {
  torch::nn::Linear layer(3, 2);
  const torch::Tensor before = layer->bias.detach().clone();
  const torch::Tensor offsets = torch::tensor({1.0, -1.0 / 3}, torch::kFloat64);
  {
    const AnswerShift shift(layer->bias, offsets);
    EXPECT_TRUE(torch::allclose(layer->bias.detach() - before, offsets.to(torch::kFloat32), 1e-6, 1e-6));
  }
  EXPECT_TRUE(torch::equal(layer->bias, before));
}

TEST(AnswerShift, DoesNothingWithoutOffsets) {
  torch::nn::Linear layer(3, 2);
  const torch::Tensor before = layer->bias.detach().clone();
  const AnswerShift shift(layer->bias, {});
  EXPECT_TRUE(torch::equal(layer->bias, before));
}

}  // namespace
}  // namespace ferv::training
