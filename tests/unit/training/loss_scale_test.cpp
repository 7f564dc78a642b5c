// SPDX-License-Identifier: Apache-2.0
#include "loss_scale.h"

#include <torch/torch.h>

#include <limits>

#include "matchers.h"

namespace ferv::training {
namespace {

using test::expect_error;
using testing::HasSubstr;

torch::Tensor parameter_with_gradient(const torch::Tensor& gradient) {
  torch::Tensor parameter = torch::zeros_like(gradient).requires_grad_();
  parameter.mutable_grad() = gradient.clone();
  return parameter;
}

TEST(LossScale, IsOnInFp16UnlessToldOtherwise) {
  const torch::Tensor loss = torch::ones({});
  using nn::Precision;
  EXPECT_EQ(LossScale("auto", Precision::kFloat16).scaled(loss).item<double>(), 65536);
  EXPECT_EQ(LossScale("auto", Precision::kBFloat16).scaled(loss).item<double>(), 1);
  EXPECT_EQ(LossScale("on", Precision::kFloat32).scaled(loss).item<double>(), 65536);
  EXPECT_EQ(LossScale("off", Precision::kFloat16).scaled(loss).item<double>(), 1);
}

TEST(LossScale, GivesTheGradientsOfTheLossBack) {
  LossScale scale("on", nn::Precision::kFloat32);
  torch::Tensor weight = torch::randn({5}).requires_grad_();
  const torch::Tensor input = torch::randn({5});
  scale.scaled((weight * input).sum()).backward();
  EXPECT_TRUE(scale.unscale({weight}));
  EXPECT_TRUE(torch::equal(weight.grad(), input)) << "powers of two change no digits";
}

TEST(LossScale, LeavesOutStepsThatAreNotFiniteAndHalves) {
  for (const double bad :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    LossScale scale("on", nn::Precision::kFloat16);
    EXPECT_FALSE(scale.unscale({parameter_with_gradient(torch::ones({2})),
                                parameter_with_gradient(torch::tensor({1.0, bad, 1.0}, torch::kFloat32))}));
    EXPECT_EQ(scale.state().scale, 32768);
    EXPECT_TRUE(scale.unscale({parameter_with_gradient(torch::ones({2}))}));
  }
}

TEST(LossScale, GrowsAfterManyGoodStepsInARow) {
  LossScale scale("on", nn::Precision::kFloat16);
  scale.load_state({.scale = 4, .good_steps = 1998});
  const std::vector<torch::Tensor> good{parameter_with_gradient(torch::ones({2}))};
  EXPECT_TRUE(scale.unscale(good));
  EXPECT_EQ(scale.state().scale, 4);
  EXPECT_TRUE(scale.unscale(good));
  EXPECT_EQ(scale.state().scale, 8);
  EXPECT_EQ(scale.state().good_steps, 0);
}

TEST(LossScale, StopsARunWhoseGradientsAreNotFiniteAtAll) {
  LossScale scale("on", nn::Precision::kFloat16);
  const auto bad = [] {
    return std::vector{parameter_with_gradient(torch::full({1}, std::numeric_limits<float>::infinity()))};
  };
  while (scale.state().scale > 1) EXPECT_FALSE(scale.unscale(bad()));
  expect_error(ErrorKind::kFailed, HasSubstr("learning_rate"), [&] { (void)scale.unscale(bad()); });
}

TEST(LossScale, OffLooksAtNothing) {
  LossScale scale("off", nn::Precision::kFloat16);
  EXPECT_TRUE(
      scale.unscale({parameter_with_gradient(torch::full({1}, std::numeric_limits<float>::infinity()))}));
}

}  // namespace
}  // namespace ferv::training
