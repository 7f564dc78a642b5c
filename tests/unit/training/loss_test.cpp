// SPDX-License-Identifier: Apache-2.0
#include "loss.h"

#include <torch/torch.h>

#include <cmath>

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(ClassificationLoss, IsTheLogOfTheClassCountForEqualLogits) {
  const torch::Tensor loss = classification_loss(torch::zeros({3, 7}), torch::tensor({0, 3, 6}), {}, 0.0);
  EXPECT_NEAR(loss.item<double>(), std::log(7.0), 1e-6);
}

TEST(ClassificationLoss, SmoothingSpreadsTheTarget) {
  const torch::Tensor logits = torch::tensor({{4.0F, 0.0F}});
  const double right = std::log(1 + std::exp(-4.0));
  const double wrong = right + 4.0;
  // 0.2 smoothing over two classes: the target is 0.9 and 0.1.
  EXPECT_NEAR(classification_loss(logits, torch::tensor({0}), {}, 0.2).item<double>(),
              0.9 * right + 0.1 * wrong, 1e-6);
}

TEST(ClassWeights, AreInverseToTheClipsAndAverageToOneOverClips) {
  data::ClipIndex index;
  index.classes = {"A", "B", "C"};
  for (const int label : {0, 0, 0, 1}) index.clips.emplace_back().label = label;
  TrainOptions options;
  EXPECT_FALSE(class_weights(options, index, {0, 1, 2, 3}).defined());
  options.class_weights = "balanced";
  const torch::Tensor weights = class_weights(options, index, {0, 1, 2, 3});
  EXPECT_NEAR(weights[0].item<double>(), 4.0 / 9.0, 1e-6);
  EXPECT_NEAR(weights[1].item<double>(), 4.0 / 3.0, 1e-6);
  EXPECT_EQ(weights[2].item<double>(), 0.0);
}

}  // namespace
}  // namespace ferv::training
