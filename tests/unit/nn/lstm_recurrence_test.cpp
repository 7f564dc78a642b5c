// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/lstm_recurrence.h"

#include <torch/torch.h>

#include "ferv/base/error.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

/// LibTorch's own LSTM and the gates that its inputs make, in float64: in float32 some versions of LibTorch
/// take oneDNN's, which rounds its functions more coarsely than what is tested.
struct Reference {
  torch::nn::LSTM lstm;
  torch::Tensor gates;
  torch::Tensor wanted;

  Reference(std::int64_t clips, std::int64_t steps, std::int64_t width, double scale)
      : lstm(torch::nn::LSTMOptions(24, width).batch_first(true)) {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& parameter : lstm->parameters()) parameter.mul_(scale);
    lstm->to(torch::kFloat64);
    const torch::Tensor inputs = torch::randn({clips, steps, 24}, torch::kFloat64);
    wanted = std::get<0>(lstm->forward(inputs)).select(1, steps - 1).to(torch::kFloat32);
    const auto named = lstm->named_parameters();
    gates = torch::linear(inputs, named["weight_ih_l0"], named["bias_ih_l0"] + named["bias_hh_l0"])
                .to(torch::kFloat32);
  }
  [[nodiscard]] torch::Tensor recurrent_weights() const {
    return lstm->named_parameters()["weight_hh_l0"].to(torch::kFloat32);
  }
};

TEST(LstmRecurrence, IsLibTorchsForAnyNumberOfClipsAndSteps) {
  torch::manual_seed(3);
  for (const std::int64_t clips : {1, 2, 3, 4, 5, 9}) {
    for (const std::int64_t width : {16, 64, 272}) {
      const Reference reference(clips, 1 + clips % 7, width, 2.0);
      const LstmRecurrence recurrence(reference.recurrent_weights(), Precision::kFloat32);
      EXPECT_TRUE(torch::allclose(recurrence.last_output(reference.gates), reference.wanted, 1e-5, 2e-6))
          << clips << " clips, width " << width;
    }
  }
}

TEST(LstmRecurrence, SaturatesWithoutOverflow) {
  torch::manual_seed(4);
  const Reference reference(3, 6, 32, 60.0);
  const torch::Tensor found =
      LstmRecurrence(reference.recurrent_weights(), Precision::kFloat32).last_output(reference.gates);
  EXPECT_TRUE(found.isfinite().all().item<bool>());
  EXPECT_TRUE(torch::allclose(found, reference.wanted, 1e-3, 1e-3));
}

TEST(LstmRecurrence, InBfloat16StaysNearFloat32) {
  torch::manual_seed(5);
  const Reference reference(4, 16, 512, 1.0);
  const torch::Tensor found =
      LstmRecurrence(reference.recurrent_weights(), Precision::kBFloat16).last_output(reference.gates);
  EXPECT_LT((found - reference.wanted).abs().max().item<double>(), 5e-3);
}

TEST(LstmRecurrence, RefusesOtherWidths) {
  test::expect_error(ErrorKind::kUnsupported, testing::HasSubstr("multiple of 16"), [] {
    const LstmRecurrence recurrence(torch::zeros({40, 10}), Precision::kFloat32);
  });
}

}  // namespace
}  // namespace ferv::nn
