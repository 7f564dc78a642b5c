// SPDX-License-Identifier: Apache-2.0
#include "unit_start.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

namespace ferv::training {
namespace {

const ClipSpec kUnitStartClip{.frame_count = 2, .height_px = 32, .width_px = 32};

std::unique_ptr<models::Model> fresh_model(const std::string& id) {
  return models::make_model(id, {.class_count = 7, .spec = kUnitStartClip}, 1);
}

/// As the faces of a batch are: mostly the same.
std::vector<torch::Tensor> similar_clips(std::int64_t count) {
  torch::manual_seed(3);
  return {torch::rand({1, 3, 2, 32, 32}) + 0.1 * torch::rand({count, 3, 2, 32, 32})};
}

TEST(UnitStart, GivesEachLayerOutputsOfMeanZeroAndDeviationOne) {
  const auto model = fresh_model("vgg13_lstm");
  const auto clips = similar_clips(6);
  const std::vector<LayerOutputs> before = start_at_unit_scale(*model, clips);
  ASSERT_EQ(before.size(), 13U) << "10 convolutions, 2 layers of the classifier and the projection";
  EXPECT_EQ(before.front().name, "backbone.features.0");
  EXPECT_EQ(before.back().name, "projection");
  // What a second call finds is what the first has left.
  for (const LayerOutputs& layer : start_at_unit_scale(*model, clips)) {
    EXPECT_LT(layer.mean_magnitude, 1e-3) << layer.name;
    EXPECT_NEAR(layer.deviation, 1.0, 0.02) << layer.name;
  }
}

TEST(UnitStart, BeginsWithAllClassesAlike) {
  const auto model = fresh_model("vgg13");
  const auto clips = similar_clips(3);
  (void)start_at_unit_scale(*model, clips);
  const torch::NoGradGuard no_gradients;
  model->module().eval();
  EXPECT_TRUE(torch::equal(model->forward(clips), torch::zeros({3, 7})));
}

TEST(UnitStart, LeavesConvolutionsBeforeABatchNormAlone) {
  const auto model = fresh_model("resnet18");
  const torch::Tensor first = model->module().named_parameters()["conv1.weight"].clone();
  EXPECT_TRUE(start_at_unit_scale(*model, similar_clips(3)).empty());
  EXPECT_TRUE(torch::equal(model->module().named_parameters()["conv1.weight"], first));
}

TEST(UnitStart, LeavesTheModeOfTheNetworkAsItWas) {
  const auto model = fresh_model("resnet18");
  model->module().train();
  (void)start_at_unit_scale(*model, similar_clips(3));
  EXPECT_TRUE(model->module().is_training());
}

}  // namespace
}  // namespace ferv::training
