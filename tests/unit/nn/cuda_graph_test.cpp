// SPDX-License-Identifier: Apache-2.0
// What a recorded calculation gives is what the calculation gives.
#include <torch/torch.h>

#include "ferv/nn/device.h"
#include "ferv/nn/repeated_work.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

TEST(CudaGraph, GivesTheWorksOutputsForInputsThatChange) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
  const torch::Device gpu = device_from_name("cuda");
  const torch::Tensor factor = torch::rand({16, 8}, gpu).requires_grad_();
  RepeatedWork work(
      [&](const std::vector<torch::Tensor>& inputs) {
        const torch::Tensor loss = inputs[0].mm(factor).tanh().sum();
        return std::vector<torch::Tensor>{loss.detach(), torch::autograd::grad({loss}, {factor})[0]};
      },
      make_graph_recorder(gpu));
  for (int i = 0; i < 8; ++i) {
    const torch::Tensor input = torch::rand({4, 16}, gpu);
    const std::vector<torch::Tensor> outputs = work({input});
    const torch::Tensor loss = input.mm(factor).tanh().sum();
    EXPECT_TRUE(torch::allclose(outputs[0], loss.detach(), 1e-5, 1e-5)) << i;
    EXPECT_TRUE(torch::allclose(outputs[1], torch::autograd::grad({loss}, {factor})[0], 1e-5, 1e-5)) << i;
  }
}

TEST(CudaGraph, DrawsNewRandomNumbersAtEachReplay) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
  const torch::Device gpu = device_from_name("cuda");
  RepeatedWork work(
      [](const std::vector<torch::Tensor>& inputs) {
        return std::vector<torch::Tensor>{torch::dropout(inputs[0], 0.5, /*train=*/true)};
      },
      make_graph_recorder(gpu));
  const torch::Tensor input = torch::ones({1000}, gpu);
  for (int i = 0; i < 4; ++i) (void)work({input});
  torch::manual_seed(1);
  const torch::Tensor first = work({input})[0].clone();
  const torch::Tensor second = work({input})[0].clone();
  torch::manual_seed(1);
  EXPECT_TRUE(torch::equal(work({input})[0], first));
  EXPECT_FALSE(torch::equal(second, first));
}

TEST(CudaGraph, WorkThatWaitsForTheGpuIsRefusedAndLeavesItUsable) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
  const torch::Device gpu = device_from_name("cuda");
  RepeatedWork work(
      [](const std::vector<torch::Tensor>& inputs) {
        return std::vector<torch::Tensor>{inputs[0] * inputs[0].sum().item<float>()};
      },
      make_graph_recorder(gpu));
  const torch::Tensor input = torch::ones({4}, gpu);
  for (int i = 0; i < 3; ++i) (void)work({input});
  EXPECT_THAT([&] { (void)work({input}); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("cannot be recorded as a CUDA graph")));
  EXPECT_EQ((input + 1).sum().item<float>(), 8);
}

}  // namespace
}  // namespace ferv::nn
