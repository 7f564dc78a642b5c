// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/frame_weights.h"

#include <torch/torch.h>

#include "ferv/data/ferv39k.h"
#include "ferv/data/splits.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

constexpr ClipSpec kActivationSpec{.frame_count = 4, .height_px = 32, .width_px = 32};

std::unique_ptr<models::Model> network(const std::string& id) {
  auto model = models::make_model(id, {.class_count = 7, .spec = kActivationSpec}, 3);
  model->module().eval();
  return model;
}

TEST(ClassActivation, OfARowThatAveragesFramesIsEachFramesShareOfTheLogit) {
  torch::manual_seed(2);
  const auto model = network("resnet18");
  const torch::Tensor clip = torch::rand({1, 3, 4, 32, 32});
  torch::Tensor logits;
  {
    const torch::NoGradGuard no_grad;
    logits =
        torch::stack({model->frame_features(clip.select(2, 0)), model->frame_features(clip.select(2, 1)),
                      model->frame_features(clip.select(2, 2)), model->frame_features(clip.select(2, 3))})
            .squeeze(1);  // [T, K]
  }
  const auto strongest = logits.mean(0).argmax().item<std::int64_t>();
  const torch::Tensor wanted = logits.select(1, strongest).clamp_min(0);
  const auto found = class_activation(*model, {&clip, 1}, static_cast<int>(strongest));
  ASSERT_EQ(found.size(), 4U);
  for (std::int64_t t = 0; t < 4; ++t) {
    EXPECT_NEAR(found[static_cast<std::size_t>(t)],
                wanted[t].item<double>() / std::max(1e-12, wanted.max().item<double>()), 1e-3);
  }
}

TEST(ClassActivation, OfEveryKindOfRowHasAWeightAFrameAndLeavesGradientsAlone) {
  torch::manual_seed(4);
  for (const std::string id : {"r18_lstm", "r3d18", "two_r18_lstm"}) {
    const auto model = network(id);
    const std::vector<torch::Tensor> streams(static_cast<std::size_t>(model->stream_count()),
                                             torch::rand({1, 3, 4, 32, 32}));
    double sum = 0;
    for (int k = 0; k < 7; ++k) {
      const auto weights = class_activation(*model, streams, k);
      ASSERT_EQ(weights.size(), 4U) << id;
      for (const double weight : weights) {
        EXPECT_GE(weight, 0) << id;
        EXPECT_LE(weight, 1) << id;
        sum += weight;
      }
    }
    EXPECT_GT(sum, 0) << id;
    for (const torch::Tensor& parameter : model->module().parameters())
      EXPECT_FALSE(parameter.grad().defined()) << id;
  }
}

TEST(ClassActivation, OfAFrameThatShowsNothingIsNothingForRowsOfWholeClips) {
  torch::manual_seed(5);
  const auto model = network("r3d18");
  torch::Tensor clip = torch::rand({1, 3, 4, 32, 32});
  clip.select(2, 1).zero_();
  EXPECT_EQ(class_activation(*model, {&clip, 1}, 2)[1], 0.0);
}

TEST(FrameWeightsOf, AreThoseOfTheClipsThatAReportShows) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  const data::ClipIndex index = data::read_ferv39k(folder / "data", {});
  const auto model = network("r18_lstm");
  EvaluationOptions options;
  options.sampling = {2, 2, "segments"};
  const evaluation::Results results =
      evaluate(*model, index, data::clips_of(index, data::Split::kTest), options, {});
  const evaluation::FrameWeights weights = frame_weights_of(*model, index, results, options, {});
  const auto rows = evaluation::rows_shown(results);
  EXPECT_FALSE(rows.empty()) << "a fresh network is wrong somewhere";
  EXPECT_EQ(weights.size(), rows.size());
  for (const std::size_t row : rows) EXPECT_EQ(weights.at(results.rows[row].clip).size(), 4U);
}

}  // namespace
}  // namespace ferv::training
