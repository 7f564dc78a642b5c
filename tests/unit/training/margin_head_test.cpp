// SPDX-License-Identifier: Apache-2.0
#include "margin_head.h"

#include <cmath>
#include <numbers>

#include "ferv/nn/seed_scope.h"
#include "matchers.h"

namespace ferv::training {
namespace {

/// The same by angles, number by number.
double plain_logit(double cosine, bool is_true_class, const MarginOptions& options) {
  const double angle = std::acos(cosine);
  if (!is_true_class) return options.scale * cosine;
  if (angle + options.margin <= std::numbers::pi) return options.scale * std::cos(angle + options.margin);
  return options.scale * (cosine - options.margin * std::sin(options.margin));
}

TEST(MarginLogits, AreThoseOfTheFormula) {
  const MarginOptions options{.scale = 30, .margin = 0.5};
  const torch::Tensor cosines = torch::linspace(-0.999, 0.999, 60).reshape({12, 5});
  const torch::Tensor labels = torch::arange(12, torch::kInt64).remainder(5);
  const torch::Tensor logits = margin_logits(cosines, labels, options);
  for (std::int64_t i = 0; i < 12; ++i) {
    for (std::int64_t k = 0; k < 5; ++k) {
      EXPECT_NEAR(logits[i][k].item<double>(),
                  plain_logit(cosines[i][k].item<double>(), k == labels[i].item<std::int64_t>(), options),
                  2e-3);
    }
  }
}

TEST(MarginLogits, GiveTheLossOfAPlainComputation) {
  const MarginOptions options{.scale = 10, .margin = 0.3};
  // theta of class 0: acos(0.6), of class 1: acos(-0.2).
  const torch::Tensor cosines = torch::tensor({{0.6F, -0.2F}});
  const torch::Tensor labels = torch::tensor({std::int64_t{0}});
  const double own = std::exp(10 * std::cos(std::acos(0.6) + 0.3));
  const double other = std::exp(10 * -0.2);
  const double loss =
      torch::nn::functional::cross_entropy(margin_logits(cosines, labels, options), labels).item<double>();
  EXPECT_NEAR(loss, -std::log(own / (own + other)), 1e-5);
}

TEST(MarginLogits, FallWithTheAngleAndHaveAFiniteSlopeEverywhere) {
  torch::Tensor cosines = torch::linspace(1.0, -1.0, 201).unsqueeze(1).requires_grad_();
  const torch::Tensor labels = torch::zeros({201}, torch::kInt64);
  const torch::Tensor logits = margin_logits(cosines, labels, {.scale = 1, .margin = 0.5});
  EXPECT_TRUE((logits.diff(1, 0) <= 1e-6).all().item<bool>());
  logits.sum().backward();
  EXPECT_TRUE(cosines.grad().isfinite().all().item<bool>());
}

TEST(MarginHead, GivesCosinesThatDoNotDependOnTheFeaturesLength) {
  const nn::SeedScope scope(1);
  MarginHead head(6, 3);
  head.eval();
  const torch::Tensor features = torch::randn({4, 6});
  const torch::Tensor cosines = head.forward(features);
  EXPECT_LE(cosines.abs().max().item<double>(), 1.0 + 1e-6);
  EXPECT_TRUE(torch::allclose(head.forward(features * 7), cosines, 1e-4, 1e-5));
}

}  // namespace
}  // namespace ferv::training
