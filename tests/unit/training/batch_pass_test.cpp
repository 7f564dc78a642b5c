// SPDX-License-Identifier: Apache-2.0
// The recorded way of a batch gives what the plain way gives, with a recorder that works on the processor.
#include "batch_pass.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "calling_recorder.h"
#include "ferv/models/zoo.h"
#include "noise_batch.h"

namespace ferv::training {
namespace {

const ClipSpec kPassClip{.frame_count = 2, .height_px = 32, .width_px = 32};

/// A fresh r18_lstm with both ways of working on it.
struct TwoWays {
  explicit TwoWays(const LossOptions& loss, std::string_view scaling = "off")
      : model(models::make_model("r18_lstm", {.class_count = 7, .spec = kPassClip}, 1)),
        loss_scale(scaling, nn::Precision::kFloat32),
        plain(*model, loss_scale, {.loss = loss}),
        recorded(*model, loss_scale,
                 {.loss = loss, .recorder = std::make_unique<test::CallingRecorder>(calls)}) {
    // Running statistics differ from pass to pass otherwise: both ways change them.
    model->module().eval();
  }

  /// Of all parameters, undefined where there is none; they are taken away.
  [[nodiscard]] std::vector<torch::Tensor> gradients() const {
    std::vector<torch::Tensor> all;
    for (const torch::Tensor& parameter : model->module().parameters()) {
      all.push_back(parameter.grad());
      parameter.mutable_grad().reset();
    }
    return all;
  }

  std::string calls;
  std::unique_ptr<models::Model> model;
  LossScale loss_scale;
  BatchPass plain;
  BatchPass recorded;
};

data::Batch batch_of(int count, std::uint64_t seed) {
  return noise_batch({.spec = kPassClip, .clip_count = count, .class_count = 7, .seed = seed});
}

void expect_close(const std::vector<torch::Tensor>& gradients, const std::vector<torch::Tensor>& wanted) {
  ASSERT_EQ(gradients.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    ASSERT_EQ(gradients[i].defined(), wanted[i].defined()) << "parameter " << i;
    if (!wanted[i].defined()) continue;
    EXPECT_LE((gradients[i] - wanted[i]).norm().item<double>(), 1e-4 * wanted[i].norm().item<double>() + 1e-9)
        << "parameter " << i;
  }
}

void expect_same(TwoWays& ways, const data::Batch& batch, double share) {
  const BatchPass::Answer answer = ways.plain.forward(batch);
  const double loss = answer.loss.item<double>();
  ways.plain.backward(share);
  const torch::Tensor logits = answer.logits.detach();
  const std::vector<torch::Tensor> wanted = ways.gradients();
  const BatchPass::Answer& other = ways.recorded.forward(batch);
  EXPECT_TRUE(torch::allclose(other.logits, logits, 1e-5, 1e-6));
  EXPECT_NEAR(other.loss.item<double>(), loss, 1e-6);
  ways.recorded.backward(share);
  expect_close(ways.gradients(), wanted);
}

TEST(BatchPass, RecordedGivesThePlainLossLogitsAndGradients) {
  TwoWays ways({.class_weights = torch::linspace(0.5, 2, 7), .label_smoothing = 0.1});
  for (std::uint64_t i = 0; i < 5; ++i) expect_same(ways, batch_of(3, i), 1.0);
  EXPECT_EQ(ways.calls, "wwwrpp");
}

TEST(BatchPass, RecordedWorksOnTheShortBatchOfAnEpochsEnd) {
  TwoWays ways({});
  for (std::uint64_t i = 0; i < 4; ++i) expect_same(ways, batch_of(3, i), 1.0);
  expect_same(ways, batch_of(2, 9), 0.5);
  EXPECT_EQ(ways.calls, "wwwrp");
}

TEST(BatchPass, RecordedAddsSharesOfSeveralBatchesUp) {
  TwoWays ways({.focal_gamma = 2});
  const auto sum_of_two = [&](BatchPass& way, std::uint64_t seed) {
    for (const auto& [number, share] : {std::pair{seed, 0.25}, std::pair{seed + 10, 0.75}}) {
      const data::Batch batch = batch_of(3, number);
      (void)way.forward(batch);
      way.backward(share);
    }
    return ways.gradients();
  };
  for (std::uint64_t i = 0; i < 4; ++i) {
    const std::vector<torch::Tensor> wanted = sum_of_two(ways.plain, i);
    expect_close(sum_of_two(ways.recorded, i), wanted);
  }
}

TEST(BatchPass, RecordedScalesTheLossByTheScaleOfTheMoment) {
  TwoWays ways({}, "on");
  for (std::uint64_t i = 0; i < 5; ++i) {
    ways.loss_scale.load_state({.scale = static_cast<double>(1 << i)});
    expect_same(ways, batch_of(3, i), 1.0);
  }
}

TEST(BatchPass, RecordedLeavesFrozenPartsAloneOnceToldToForget) {
  TwoWays ways({});
  for (std::uint64_t i = 0; i < 4; ++i) expect_same(ways, batch_of(3, i), 1.0);
  for (auto& parameter : ways.model->module().parameters()) parameter.set_requires_grad(false);
  for (auto& item : ways.model->module().named_parameters())
    if (!item.key().starts_with("backbone")) item.value().set_requires_grad(true);
  ways.recorded.forget();
  for (std::uint64_t i = 0; i < 4; ++i) expect_same(ways, batch_of(3, i), 1.0);
  EXPECT_EQ(ways.calls, "wwwrpwwwrp");
}

}  // namespace
}  // namespace ferv::training
