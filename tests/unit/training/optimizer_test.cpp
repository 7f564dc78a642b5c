// SPDX-License-Identifier: Apache-2.0
#include "optimizer.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::training {
namespace {

/// Five steps on a quadratic with ours and with LibTorch's optimiser; the weights must agree.
template <typename TorchOptimizer, typename TorchOptions>
void expect_same_path(const TrainOptions& options, const TorchOptions& torch_options) {
  torch::manual_seed(1);
  const torch::Tensor start = torch::randn({4, 3, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
  const torch::Tensor target = torch::randn({4, 3, 3, 3});
  torch::Tensor ours = start.clone().requires_grad_();
  torch::Tensor theirs = start.clone().requires_grad_();
  const auto optimizer = make_optimizer({ours}, options);
  TorchOptimizer reference({theirs}, torch_options);
  for (int step = 0; step < 5; ++step) {
    optimizer->zero_gradients();
    (ours - target).pow(2).sum().backward();
    optimizer->step(options.learning_rate);
    reference.zero_grad();
    (theirs - target).pow(2).sum().backward();
    reference.step();
  }
  EXPECT_LT((ours - theirs).abs().max().item<double>(), 1e-5);
  EXPECT_GT((ours - start).abs().max().item<double>(), 0.1);
}

TEST(Sgd, FollowsLibTorchs) {
  TrainOptions options;
  options.learning_rate = 0.05;
  options.weight_decay = 0.1;
  expect_same_path<torch::optim::SGD>(options,
                                      torch::optim::SGDOptions(0.05).momentum(0.9).weight_decay(0.1));
}

TEST(AdamW, FollowsLibTorchs) {
  TrainOptions options;
  options.optimizer = "adamw";
  options.learning_rate = 0.05;
  options.weight_decay = 0.1;
  expect_same_path<torch::optim::AdamW>(options, torch::optim::AdamWOptions(0.05).weight_decay(0.1));
}

TEST(Optimizer, GoesOnFromASavedStateAsIfNeverStopped) {
  TrainOptions options;
  options.optimizer = "adamw";
  torch::Tensor a = torch::ones({5}).requires_grad_();
  const auto first = make_optimizer({a}, options);
  const auto step = [](Optimizer& optimizer, torch::Tensor& parameter) {
    optimizer.zero_gradients();
    parameter.pow(2).sum().backward();
    optimizer.step(0.1);
  };
  step(*first, a);
  torch::Tensor b = a.detach().clone().requires_grad_();
  const auto second = make_optimizer({b}, options);
  second->load_state(first->state(), first->steps_done());
  step(*first, a);
  step(*second, b);
  EXPECT_TRUE(torch::equal(a, b));
  torch::Tensor other = torch::ones({6}).requires_grad_();
  const auto third = make_optimizer({other}, options);
  test::expect_error(ErrorKind::kIncompatible, testing::HasSubstr("optimizer.0.mean"),
                     [&] { third->load_state(first->state(), 1); });
}

TEST(Optimizer, GivesEachParameterItsShareOfTheRate) {
  torch::Tensor a = torch::ones({2}).requires_grad_();
  torch::Tensor b = torch::ones({2}).requires_grad_();
  TrainOptions options;
  options.weight_decay = 0;
  const auto optimizer = make_optimizer({a, b}, options);
  optimizer->set_rate_factors({1.0, 0.25});
  (a.sum() + b.sum()).backward();
  optimizer->step(0.4);
  EXPECT_FLOAT_EQ(a[0].item<float>(), 0.6F);
  EXPECT_FLOAT_EQ(b[0].item<float>(), 0.9F);
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("1 rate factors, wanted 2"),
                     [&] { optimizer->set_rate_factors({1.0}); });
}

TEST(Optimizer, ClipsGradientsToANorm) {
  torch::Tensor a = torch::full({4}, 3.0).requires_grad_();
  const auto optimizer = make_optimizer({a}, TrainOptions());
  a.sum().backward();
  EXPECT_NEAR(optimizer->clip_gradients(0.5), 2.0, 1e-6);
  EXPECT_NEAR(a.grad().norm().item<double>(), 0.5, 1e-4);
  EXPECT_NEAR(optimizer->clip_gradients(10.0), 0.5, 1e-4) << "a small gradient stays as it is";
}

TEST(LearningRate, FollowsItsSchedule) {
  TrainOptions options;
  options.learning_rate = 1.0;
  options.step_epochs = 40;
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 39.9), 1.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 40), 0.1);
  EXPECT_NEAR(learning_rate_at(options, 80), 0.01, 1e-12);
  options.schedule = "cosine";
  options.epochs = 10;
  options.warmup_epochs = 2;
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 1), 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 2), 1.0);
  EXPECT_NEAR(learning_rate_at(options, 6), 0.5, 1e-12);
  EXPECT_NEAR(learning_rate_at(options, 10), 0.0, 1e-12);
}

}  // namespace
}  // namespace ferv::training
