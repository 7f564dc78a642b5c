// SPDX-License-Identifier: Apache-2.0
#include "learning_parts.h"

#include <torch/torch.h>

#include "ferv/models/zoo.h"
#include "matchers.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

std::unique_ptr<models::Model> small_model() {
  return models::make_model(
      "r18_lstm", {.class_count = 7, .spec = {.frame_count = 2, .height_px = 32, .width_px = 32}}, 1);
}

bool learns(models::Model& model, const std::string& name) {
  return model.module().named_parameters()[name].requires_grad();
}

TEST(LearningParts, LetEverythingLearnUnlessToldOtherwise) {
  const auto model = small_model();
  LearningParts(TrainOptions(), model->module()).begin_epoch(0);
  for (const auto& parameter : model->module().parameters()) EXPECT_TRUE(parameter.requires_grad());
}

TEST(LearningParts, FreezeAPartForTheEpochsAsked) {
  const auto model = small_model();
  TrainOptions options;
  options.freeze = "backbone.layer1, recurrent";
  options.freeze_epochs = 2;
  const LearningParts parts(options, model->module());
  parts.begin_epoch(1);
  EXPECT_FALSE(learns(*model, "backbone.layer1.0.conv1.weight"));
  EXPECT_FALSE(learns(*model, "lstm.weight_ih_l0"));
  EXPECT_TRUE(learns(*model, "backbone.layer2.0.conv1.weight"));
  parts.begin_epoch(2);
  EXPECT_TRUE(learns(*model, "backbone.layer1.0.conv1.weight"));
}

TEST(LearningParts, LetTheHeadWarmUpBeforeTheBackboneLearns) {
  const auto model = small_model();
  TrainOptions options;
  options.head_warmup_epochs = 1;
  const LearningParts parts(options, model->module());
  parts.begin_epoch(0);
  EXPECT_FALSE(learns(*model, "backbone.conv1.weight"));
  EXPECT_TRUE(learns(*model, "lstm.weight_ih_l0"));
  EXPECT_TRUE(learns(*model, "fc.weight"));
  parts.begin_epoch(1);
  EXPECT_TRUE(learns(*model, "backbone.conv1.weight"));
}

TEST(LearningParts, KeepTheStatisticsOfFrozenBatchNorms) {
  const auto model = small_model();
  TrainOptions options;
  options.freeze = "backbone";
  model->module().train();
  LearningParts(options, model->module()).begin_epoch(0);
  const auto buffers = model->module().named_buffers();
  const torch::Tensor before = buffers["backbone.bn1.running_mean"].clone();
  const torch::Tensor clips = torch::rand({2, 3, 2, 32, 32});
  (void)model->forward({&clips, 1});
  EXPECT_TRUE(torch::equal(buffers["backbone.bn1.running_mean"], before));
}

TEST(LearningParts, GiveEachPartItsRate) {
  const auto model = small_model();
  TrainOptions options;
  options.backbone_rate_factor = 0.1;
  options.head_rate_factor = 3.0;
  const std::vector<double> factors = LearningParts(options, model->module()).rate_factors();
  const auto names = model->module().named_parameters().keys();
  ASSERT_EQ(factors.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(factors[i], names[i].starts_with("fc.")     ? 3.0
                          : names[i].starts_with("lstm.") ? 1.0
                                                          : 0.1)
        << names[i];
}

TEST(LearningParts, RefuseNamesOfNothingAndRunsThatCannotLearn) {
  const auto model = small_model();
  TrainOptions options;
  options.freeze = "backbone.layer9";
  test::expect_error(ErrorKind::kInvalidArgument,
                     testing::AllOf(HasSubstr("'backbone.layer9'"), HasSubstr("backbone.layer1")),
                     [&] { LearningParts(options, model->module()); });
  options.freeze = "backbone.layer";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("'backbone.layer'"),
                     [&] { LearningParts(options, model->module()); });
  options.freeze = "backbone,recurrent,head";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("left to learn"),
                     [&] { LearningParts(options, model->module()); });
}

}  // namespace
}  // namespace ferv::training
