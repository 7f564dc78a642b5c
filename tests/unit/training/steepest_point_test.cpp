// SPDX-License-Identifier: Apache-2.0
#include "steepest_point.h"

#include <torch/torch.h>

#include <memory>

#include "matchers.h"

namespace ferv::training {
namespace {

/// Two layers and a normalisation, with gradients of a batch.
torch::nn::Sequential network_with_gradients() {
  torch::manual_seed(3);
  torch::nn::Sequential network(torch::nn::Linear(4, 5), torch::nn::BatchNorm1d(5), torch::nn::Linear(5, 2));
  network->forward(torch::randn({6, 4})).square().sum().backward();
  return network;
}

std::vector<torch::Tensor> copies(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> result;
  for (const torch::Tensor& tensor : tensors) result.push_back(tensor.detach().clone());
  return result;
}

TEST(SteepestPoint, LiesAtTheRadiusAlongTheGradient) {
  constexpr double kRadius = 0.25;
  torch::nn::Sequential network = network_with_gradients();
  const std::vector<torch::Tensor> before = copies(network->parameters());
  const SteepestPoint there(*network, kRadius);
  double squares = 0, along = 0, gradients = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const torch::Tensor move = network->parameters()[i].detach() - before[i];
    const torch::Tensor gradient = network->parameters()[i].grad();
    squares += move.square().sum().item<double>();
    along += (move * gradient).sum().item<double>();
    gradients += gradient.square().sum().item<double>();
  }
  EXPECT_NEAR(std::sqrt(squares), kRadius, 1e-6);
  EXPECT_NEAR(along, kRadius * std::sqrt(gradients), 1e-4) << "not in the gradient's direction";
}

TEST(SteepestPoint, GivesWeightsAndStatisticsBackBitForBitAndKeepsGradients) {
  torch::nn::Sequential network = network_with_gradients();
  const std::vector<torch::Tensor> parameters = copies(network->parameters());
  const std::vector<torch::Tensor> buffers = copies(network->buffers());
  torch::Tensor gradient_there;
  {
    const SteepestPoint there(*network, 0.1);
    network->zero_grad();
    network->forward(torch::randn({6, 4})).square().sum().backward();
    EXPECT_FALSE(torch::equal(network->buffers()[0], buffers[0]))
        << "the second pass is seen by no statistic";
    gradient_there = network->parameters()[0].grad().clone();
  }
  for (std::size_t i = 0; i < parameters.size(); ++i)
    EXPECT_TRUE(torch::equal(network->parameters()[i], parameters[i])) << i;
  for (std::size_t i = 0; i < buffers.size(); ++i)
    EXPECT_TRUE(torch::equal(network->buffers()[i], buffers[i])) << i;
  EXPECT_TRUE(torch::equal(network->parameters()[0].grad(), gradient_there));
}

TEST(SteepestPoint, IsWhereTheWeightsAreWithoutAGradient) {
  torch::nn::Linear layer(3, 2);
  const torch::Tensor before = layer->weight.detach().clone();
  const SteepestPoint without(*layer, 1.0);
  EXPECT_TRUE(torch::equal(layer->weight, before));
  layer->weight.mutable_grad() = torch::zeros_like(before);
  const SteepestPoint with_zeros(*layer, 1.0);
  EXPECT_TRUE(torch::equal(layer->weight, before));
}

}  // namespace
}  // namespace ferv::training
