// SPDX-License-Identifier: Apache-2.0
// Every network computes on a GPU what it computes on the CPU.
#include <torch/torch.h>

#include "small_rows.h"

namespace ferv::models {
namespace {

class ZooNetworkOnGpu : public testing::TestWithParam<std::string> {};

TEST_P(ZooNetworkOnGpu, GivesTheLogitsOfTheCpu) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
  const torch::NoGradGuard no_grad;
  torch::manual_seed(4);
  const auto model =
      make_model(GetParam(), {.class_count = 7, .spec = test::small_spec(card(GetParam()))}, 5);
  model->module().eval();
  test::Streams clips = test::clips(*model, 2);
  const torch::Tensor wanted = model->forward(clips);
  model->module().to(torch::kCUDA);
  for (torch::Tensor& stream : clips) stream = stream.to(torch::kCUDA);
  const torch::Tensor found = model->forward(clips).to(torch::kCPU);
  const double scale = wanted.abs().max().item<double>();
  EXPECT_LT((found - wanted).abs().max().item<double>(), 1e-3 * scale);
}

INSTANTIATE_TEST_SUITE_P(Zoo, ZooNetworkOnGpu, testing::ValuesIn(test::network_ids()), test::test_name);

}  // namespace
}  // namespace ferv::models
