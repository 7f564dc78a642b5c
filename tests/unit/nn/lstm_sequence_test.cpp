// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/lstm_sequence.h"

#include <torch/torch.h>

#include "ferv/nn/precision.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

constexpr std::int64_t kFeatures = 12;

LstmWeights weights_of(const torch::nn::LSTM& lstm) {
  const auto named = lstm->named_parameters();
  return {named["weight_ih_l0"], named["weight_hh_l0"], named["bias_ih_l0"], named["bias_hh_l0"]};
}

/// The last output for these clips, and the gradients of a weighted sum of it: of the features, then of the
/// weights.
struct Pass {
  torch::Tensor output;
  std::vector<torch::Tensor> gradients;
};

template <typename Run>
Pass pass_of(torch::nn::LSTM& lstm, const torch::Tensor& features, const Run& run) {
  const torch::Tensor leaf = features.clone().requires_grad_();
  lstm->zero_grad();
  Pass pass{run(leaf), {}};
  torch::manual_seed(9);
  pass.output.backward(torch::randn_like(pass.output));
  pass.gradients.push_back(leaf.grad().clone());
  for (const torch::Tensor& parameter : lstm->parameters())
    pass.gradients.push_back(parameter.grad().clone());
  return pass;
}

Pass by_libtorch(torch::nn::LSTM& lstm, const torch::Tensor& features) {
  return pass_of(lstm, features, [&](const torch::Tensor& leaf) {
    const torch::Tensor outputs = std::get<0>(lstm->forward(leaf));
    return outputs.select(1, outputs.size(1) - 1);
  });
}

Pass by_own(torch::nn::LSTM& lstm, const torch::Tensor& features) {
  return pass_of(lstm, features,
                 [&](const torch::Tensor& leaf) { return lstm_last_output(leaf, weights_of(lstm)); });
}

TEST(LstmLastOutput, IsLibTorchsWithItsGradients) {
  torch::manual_seed(1);
  for (const std::int64_t width : {1, 7, 32}) {
    for (const std::int64_t step_count : {1, 2, 9}) {
      torch::nn::LSTM lstm(torch::nn::LSTMOptions(kFeatures, width).batch_first(true));
      const torch::Tensor features = torch::randn({3, step_count, kFeatures});
      const Pass own = by_own(lstm, features);
      const Pass wanted = by_libtorch(lstm, features);
      EXPECT_TRUE(torch::allclose(own.output, wanted.output, 1e-5, 1e-6));
      for (std::size_t i = 0; i < wanted.gradients.size(); ++i) {
        EXPECT_TRUE(torch::allclose(own.gradients[i], wanted.gradients[i], 1e-5, 1e-6))
            << "gradient " << i << ", width " << width << ", steps " << step_count;
      }
    }
  }
}

TEST(LstmLastOutput, InBfloat16StaysNearFloat32) {
  torch::manual_seed(2);
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(kFeatures, 64).batch_first(true));
  const torch::Tensor features = torch::randn({4, 16, kFeatures});
  const Pass wanted = by_libtorch(lstm, features);
  const AutocastScope bfloat16(Precision::kBFloat16);
  const Pass own = by_own(lstm, features);
  EXPECT_EQ(own.output.scalar_type(), torch::kFloat32);
  EXPECT_LT((own.output - wanted.output).abs().max().item<double>(), 1e-2);
  for (std::size_t i = 0; i < wanted.gradients.size(); ++i) {
    const double size = wanted.gradients[i].norm().item<double>();
    EXPECT_LT((own.gradients[i] - wanted.gradients[i]).norm().item<double>(), 2e-2 * size)
        << "gradient " << i;
  }
}

TEST(LstmLastOutput, GivesFeaturesInBfloat16TheirGradientInKind) {
  torch::manual_seed(3);
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(kFeatures, 8).batch_first(true));
  const Pass own = by_own(lstm, torch::randn({2, 3, kFeatures}).to(torch::kBFloat16));
  EXPECT_EQ(own.gradients[0].scalar_type(), torch::kBFloat16);
  EXPECT_EQ(own.gradients[1].scalar_type(), torch::kFloat32);
}

TEST(LstmLastOutput, NeedsNoGradientOfFrozenFeatures) {
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(kFeatures, 8).batch_first(true));
  lstm_last_output(torch::randn({2, 3, kFeatures}), weights_of(lstm)).sum().backward();
  EXPECT_TRUE(lstm->parameters()[0].grad().defined());
}

}  // namespace
}  // namespace ferv::nn
