// SPDX-License-Identifier: Apache-2.0
#include "gradient_sum.h"

#include <torch/torch.h>

#include "batch_figures.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/batch_norm.h"
#include "ferv/nn/layout.h"
#include "matchers.h"
#include "rank_threads.h"

namespace ferv::training {
namespace {

constexpr ClipSpec kJointSpec{.frame_count = 2, .height_px = 32, .width_px = 32};
constexpr std::int64_t kJointClips = 5;

/// Five clips of unequal classes, cut unevenly: three for rank 0, two for rank 1.
struct JointBatch {
  torch::Tensor clips = torch::randn(
      {kJointClips, 3, kJointSpec.frame_count, kJointSpec.height_px, kJointSpec.width_px}, torch::kFloat64);
  std::vector<std::int64_t> labels{0, 3, 3, 6, 0};

  [[nodiscard]] data::Batch labels_between(std::int64_t begin, std::int64_t end) const {
    data::Batch batch;
    batch.labels.assign(labels.begin() + begin, labels.begin() + end);
    batch.positions.resize(batch.labels.size());
    return batch;
  }
};

LossOptions uneven_loss() {
  return {.class_weights = torch::tensor({0.5F, 1.0F, 1.0F, 3.0F, 1.0F, 1.0F, 0.25F}),
          .label_smoothing = 0.1};
}

/// In float64: in float32 rounding turns ReLUs on and off whose input is next to nothing, and with them whole
/// terms of the gradients before them.
std::unique_ptr<models::Model> seeded_model() {
  std::unique_ptr<models::Model> model =
      models::make_model("resnet18", {.class_count = 7, .spec = kJointSpec}, 3);
  model->module().to(torch::kFloat64);
  nn::use_channels_last(model->module());
  return model;
}

/// Forward and backward over some of the clips, as the training loop does it.
BatchFigures step_of(models::Model& model, const JointBatch& joint,
                     std::pair<std::int64_t, std::int64_t> part, nn::Communicator& communicator) {
  const data::Batch batch = joint.labels_between(part.first, part.second);
  const LossOptions options = uneven_loss();
  const std::vector<torch::Tensor> streams{joint.clips.slice(0, part.first, part.second)};
  const torch::Tensor logits = model.forward(streams);
  const torch::Tensor loss = classification_loss(logits, torch::tensor(batch.labels, torch::kInt64), options);
  BatchFigures figures = figures_of(batch, logits, loss, options);
  const double share = join_figures(figures, communicator);
  (loss * share).backward();
  return figures;
}

/// The largest difference of two models' gradients, as a share of the parameter's largest gradient.
double gradient_difference(models::Model& found, models::Model& wanted) {
  double largest = 0;
  const auto parameters = found.module().parameters();
  const auto others = wanted.module().parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    EXPECT_EQ(parameters[i].grad().defined(), others[i].grad().defined());
    if (!others[i].grad().defined()) continue;
    const double scale = others[i].grad().abs().max().item<double>();
    const double difference = (parameters[i].grad() - others[i].grad()).abs().max().item<double>();
    largest = std::max(largest, difference / std::max(scale, 1e-3));
  }
  return largest;
}

TEST(GradientSum, OfTwoRanksIsTheGradientOfTheJointBatch) {
  FERV_REQUIRE_GLOO();
  torch::manual_seed(1);
  const JointBatch joint;
  // With the statistics of the joint batch; and with running ones, where every clip is by itself.
  for (const bool training : {true, false}) {
    nn::Communicator alone;
    const auto whole = seeded_model();
    whole->module().train(training);
    const BatchFigures wanted = step_of(*whole, joint, {0, kJointClips}, alone);

    std::vector<std::unique_ptr<models::Model>> parts;
    for (int rank = 0; rank < 2; ++rank) parts.push_back(seeded_model());
    std::vector<BatchFigures> figures(2);
    const auto errors = test::run_ranks(2, 120, [&](nn::Communicator& communicator) {
      const auto rank = static_cast<std::size_t>(communicator.rank());
      models::Model& model = *parts[rank];
      model.module().train(training);
      nn::synchronise_batch_norms(model.module(), communicator);
      GradientSum sum(model.module(), communicator);
      figures[rank] =
          step_of(model, joint, rank == 0 ? std::pair{0L, 3L} : std::pair{3L, kJointClips}, communicator);
      sum.exchange();
    });
    EXPECT_THAT(errors, testing::Each(testing::IsEmpty()));
    EXPECT_LT(gradient_difference(*parts[0], *whole), 1e-6) << (training ? "training" : "evaluation");
    EXPECT_EQ(gradient_difference(*parts[1], *parts[0]), 0) << "ranks must not drift apart";
    for (const BatchFigures& part : figures) {
      EXPECT_NEAR(part.loss, wanted.loss, 1e-6);
      EXPECT_EQ(part.clip_count, kJointClips);
      EXPECT_EQ(part.confusion, wanted.confusion);
    }
  }
}

TEST(GradientSum, LeavesFrozenParametersWithoutGradientAndFillsInForARankWithoutClips) {
  FERV_REQUIRE_GLOO();
  std::vector<torch::nn::Linear> layers;
  for (int rank = 0; rank < 2; ++rank) {
    layers.emplace_back(3, 2);
    layers.back()->bias.set_requires_grad(false);
  }
  const auto errors = test::run_ranks(2, 60, [&](nn::Communicator& communicator) {
    torch::nn::Linear& layer = layers[static_cast<std::size_t>(communicator.rank())];
    GradientSum sum(*layer, communicator);
    if (communicator.is_first()) layer(torch::ones({1, 3})).sum().backward();
    sum.exchange();
    EXPECT_TRUE(layer->weight.grad().equal(torch::ones({2, 3})));
    EXPECT_FALSE(layer->bias.grad().defined());
  });
  EXPECT_THAT(errors, testing::Each(testing::IsEmpty()));
}

TEST(GradientSum, MakesStatisticsTheMeanOfAllRanks) {
  FERV_REQUIRE_GLOO();
  const auto errors = test::run_ranks(2, 60, [&](nn::Communicator& communicator) {
    torch::nn::BatchNorm1d layer(2);
    layer->running_mean.fill_(communicator.rank() == 0 ? 1.0 : 4.0);
    GradientSum sum(*layer, communicator);
    sum.exchange();
    EXPECT_TRUE(layer->running_mean.equal(torch::full({2}, 2.5)));
    EXPECT_TRUE(layer->running_var.equal(torch::ones({2})));
  });
  EXPECT_THAT(errors, testing::Each(testing::IsEmpty()));
}

TEST(JoinFigures, OfABatchWithoutAnyClipIsNothing) {
  FERV_REQUIRE_GLOO();
  const auto errors = test::run_ranks(2, 60, [&](nn::Communicator& communicator) {
    BatchFigures figures = no_figures(7);
    figures.bad_count = 2;
    EXPECT_EQ(join_figures(figures, communicator), 0.0);
    EXPECT_EQ(figures.loss, 0.0);
    EXPECT_EQ(figures.bad_count, 4);
  });
  EXPECT_THAT(errors, testing::Each(testing::IsEmpty()));
}

}  // namespace
}  // namespace ferv::training
