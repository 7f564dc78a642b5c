// SPDX-License-Identifier: Apache-2.0
#include "loss.h"

#include <torch/torch.h>

#include <cmath>

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(ClassificationLoss, IsTheLogOfTheClassCountForEqualLogits) {
  const torch::Tensor loss = classification_loss(torch::zeros({3, 7}), torch::tensor({0, 3, 6}), {});
  EXPECT_NEAR(loss.item<double>(), std::log(7.0), 1e-6);
}

TEST(ClassificationLoss, SmoothingSpreadsTheTarget) {
  const torch::Tensor logits = torch::tensor({{4.0F, 0.0F}});
  const double right = std::log(1 + std::exp(-4.0));
  const double wrong = right + 4.0;
  // 0.2 smoothing over two classes: the target is 0.9 and 0.1.
  EXPECT_NEAR(classification_loss(logits, torch::tensor({0}), {.label_smoothing = 0.2}).item<double>(),
              0.9 * right + 0.1 * wrong, 1e-6);
}

TEST(ClassificationLoss, FocusesOnWhatIsNotRightYet) {
  const torch::Tensor logits = torch::tensor({{2.0F, 0.0F, -1.0F}, {0.5F, 0.0F, 1.0F}});
  const torch::Tensor labels = torch::tensor({0, 1});
  const torch::Tensor right = torch::softmax(logits.to(torch::kFloat64), 1);
  const double easy = right[0][0].item<double>();
  const double hard = right[1][1].item<double>();
  const double wanted =
      -(std::pow(1 - easy, 2) * std::log(easy) + std::pow(1 - hard, 2) * std::log(hard)) / 2;
  EXPECT_NEAR(classification_loss(logits, labels, {.focal_gamma = 2}).item<double>(), wanted, 1e-6);
  // With gamma towards 0 it is cross-entropy, weights and smoothing included.
  const LossOptions entropy{.class_weights = torch::tensor({1.0F, 3.0F, 2.0F}), .label_smoothing = 0.1};
  LossOptions nearly = entropy;
  nearly.focal_gamma = 1e-9;
  EXPECT_NEAR(classification_loss(logits, labels, nearly).item<double>(),
              classification_loss(logits, labels, entropy).item<double>(), 1e-6);
}

TEST(PriorOffsets, MakeTheAnswersOfAClassFreeOfHowOftenItWasSeen) {
  const torch::Tensor offsets = prior_offsets({6, 2, 0}, 0.5);
  EXPECT_NEAR(offsets[0].item<double>(), 0.5 * std::log(6.0 / 8), 1e-12);
  EXPECT_NEAR(offsets[1].item<double>(), 0.5 * std::log(2.0 / 8), 1e-12);
  EXPECT_NEAR(offsets[2].item<double>(), 0.5 * std::log(1.0 / 8), 1e-12);

  // Nothing tells three examples of one class from one of the other: what is learnt is how common they are,
  // and with full adjustment not even that.
  const torch::Tensor labels = torch::tensor({0, 0, 0, 1});
  const auto learnt_difference = [&](double strength) {
    torch::Tensor logits = torch::zeros({2}, torch::requires_grad());
    const LossOptions options{.logit_offsets = prior_offsets({3, 1}, strength)};
    for (int step = 0; step < 200; ++step) {
      const torch::Tensor loss = classification_loss(logits.expand({4, 2}), labels, options);
      const torch::Tensor gradient = torch::autograd::grad({loss}, {logits})[0];
      logits = (logits - 2 * gradient).detach().requires_grad_();
    }
    return (logits[0] - logits[1]).item<double>();
  };
  EXPECT_NEAR(learnt_difference(0), std::log(3.0), 1e-3);
  EXPECT_NEAR(learnt_difference(0.5), std::log(3.0) / 2, 1e-3);
  EXPECT_NEAR(learnt_difference(1), 0, 1e-3);
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
