// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/batch_norm.h"

#include <torch/torch.h>

#include "ferv/nn/communicator.h"
#include "ferv/nn/seed_scope.h"
#include "matchers.h"
#include "rank_threads.h"

namespace ferv::nn {
namespace {

/// A layer with weights that are not the identity, and what a step through it gives.
struct Step {
  BatchNorm layer{3};
  torch::Tensor output;
  torch::Tensor input_gradient;

  Step() {
    const torch::NoGradGuard no_grad;
    layer->weight.copy_(torch::tensor({0.5F, 1.5F, -1.0F}));
    layer->bias.copy_(torch::tensor({0.1F, 0.0F, 2.0F}));
  }

  void run(const torch::Tensor& input, const torch::Tensor& slope) {
    const torch::Tensor leaf = input.clone().requires_grad_();
    output = layer(leaf);
    output.backward(slope);
    input_gradient = leaf.grad();
  }
};

torch::Tensor random_pictures(std::uint64_t seed) {
  const SeedScope scope(seed);
  return torch::randn({5, 3, 4, 4}) * 3 + 10;
}

TEST(BatchNorm, IsLibTorchsWithOneProcess) {
  Communicator alone;
  Step own;
  torch::nn::Sequential module(own.layer);
  synchronise_batch_norms(*module, alone);
  torch::nn::BatchNorm2d wanted(3);
  {
    const torch::NoGradGuard no_grad;
    wanted->weight.copy_(own.layer->weight);
    wanted->bias.copy_(own.layer->bias);
  }
  const torch::Tensor input = random_pictures(1);
  own.run(input, random_pictures(2));
  EXPECT_TRUE(own.output.allclose(wanted(input), 1e-5, 1e-5));
  EXPECT_TRUE(own.layer->running_mean.allclose(wanted->running_mean));
  EXPECT_TRUE(own.layer->running_var.allclose(wanted->running_var));
  EXPECT_TRUE(own.layer->num_batches_tracked.equal(wanted->num_batches_tracked));
}

TEST(BatchNorm, AddsAndRectifiesInTrainingAsInEvaluation) {
  const torch::Tensor input = random_pictures(1);
  const torch::Tensor addend = random_pictures(2) - 10;
  Step own;
  const torch::Tensor plain = own.layer(input);
  EXPECT_TRUE(own.layer->forward_relu(input).allclose(plain.relu(), 1e-5, 1e-5));
  EXPECT_TRUE(own.layer->forward_relu(input, addend).allclose((plain + addend).relu(), 1e-5, 1e-5));
  own.layer->eval();
  const torch::Tensor evaluated = own.layer(input);
  EXPECT_TRUE(own.layer->forward_relu(input, addend).equal((evaluated + addend).relu()));
}

TEST(BatchNorm, KeepsTheShareOfABatchThatItIsGiven) {
  Step own;
  torch::nn::Sequential module(own.layer);
  set_batch_norm_momentum(*module, 1.0);
  const torch::Tensor input = random_pictures(1);
  own.run(input, random_pictures(2));
  EXPECT_TRUE(torch::allclose(own.layer->running_mean, input.mean({0, 2, 3})));
  EXPECT_TRUE(torch::allclose(own.layer->running_var, input.transpose(0, 1).flatten(1).var(1)));
}

TEST(BatchNorm, OfTwoRanksGivesWhatOneGivesForTheJointBatch) {
  FERV_REQUIRE_GLOO();
  const torch::Tensor input = random_pictures(1);
  const torch::Tensor slope = random_pictures(2) - 10;
  Step joint;
  joint.run(input, slope);
  std::vector<Step> parts(2);
  const auto errors = test::run_ranks(2, 60, [&](Communicator& communicator) {
    const auto rank = static_cast<std::size_t>(communicator.rank());
    torch::nn::Sequential module(parts[rank].layer);
    synchronise_batch_norms(*module, communicator);
    // Unequal parts: three pictures and two.
    parts[rank].run(input.slice(0, rank == 0 ? 0 : 3, rank == 0 ? 3 : 5),
                    slope.slice(0, rank == 0 ? 0 : 3, rank == 0 ? 3 : 5));
  });
  EXPECT_THAT(errors, testing::Each(testing::IsEmpty()));
  const auto expect_near = [](const torch::Tensor& found, const torch::Tensor& wanted) {
    EXPECT_LT((found - wanted).abs().max().item<double>(), 1e-6 * (1 + wanted.abs().max().item<double>()));
  };
  expect_near(torch::cat({parts[0].output, parts[1].output}), joint.output);
  expect_near(torch::cat({parts[0].input_gradient, parts[1].input_gradient}), joint.input_gradient);
  for (const auto parameter : {0U, 1U}) {
    expect_near(
        parts[0].layer->parameters()[parameter].grad() + parts[1].layer->parameters()[parameter].grad(),
        joint.layer->parameters()[parameter].grad());
  }
  for (const Step& part : parts) {
    expect_near(part.layer->running_mean, joint.layer->running_mean);
    expect_near(part.layer->running_var, joint.layer->running_var);
    EXPECT_EQ(part.layer->num_batches_tracked.item<std::int64_t>(), 1);
  }
}

TEST(FoldBatchNorms, PutsThemIntoTheConvolutionsBeforeThem) {
  torch::manual_seed(4);
  torch::nn::Sequential network(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 5, 3).bias(false)),
                                BatchNorm(5), torch::nn::ReLU(), torch::nn::Conv2d(5, 2, 1), BatchNorm(2));
  for (int i = 0; i < 20; ++i) (void)network->forward(torch::randn({4, 3, 9, 9}) * 2 + 1);
  network->eval();
  const torch::Tensor input = torch::randn({2, 3, 9, 9});
  const torch::NoGradGuard no_grad;
  const torch::Tensor wanted = network->forward(input);
  EXPECT_EQ(fold_batch_norms(*network), 2);
  EXPECT_TRUE(torch::allclose(network->forward(input), wanted, 1e-4, 1e-5));
  EXPECT_EQ(fold_batch_norms(*network), 0) << "once is enough";
  network->train();
  EXPECT_THROW((void)network->forward(input), c10::Error);
}

TEST(FoldBatchNorms, LeavesThoseAfterSomethingElse) {
  torch::nn::Sequential network(torch::nn::ReLU(), BatchNorm(3));
  EXPECT_EQ(fold_batch_norms(*network), 0);
}

TEST(BatchNorm, AsksNobodyInEvaluationMode) {
  FERV_REQUIRE_GLOO();
  const auto errors = test::run_ranks(2, 60, [&](Communicator& communicator) {
    Step step;
    torch::nn::Sequential module(step.layer);
    synchronise_batch_norms(*module, communicator);
    module->eval();
    if (communicator.is_first()) (void)step.layer(random_pictures(1));
  });
  EXPECT_THAT(errors, testing::Each(testing::IsEmpty()));
}

}  // namespace
}  // namespace ferv::nn
