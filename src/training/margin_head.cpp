// SPDX-License-Identifier: Apache-2.0
#include "margin_head.h"

#include <cmath>
#include <numbers>

namespace ferv::training {

torch::Tensor margin_logits(const torch::Tensor& cosines, const torch::Tensor& labels,
                            const MarginOptions& options) {
  const torch::Tensor column = labels.unsqueeze(1);
  // The sine's slope is infinite at +-1.
  const torch::Tensor cosine = cosines.gather(1, column).clamp(-1.0 + 1e-6, 1.0 - 1e-6);
  const torch::Tensor sine = torch::sqrt(1.0 - cosine * cosine);
  const torch::Tensor with_margin = cosine * std::cos(options.margin) - sine * std::sin(options.margin);
  const torch::Tensor beyond = cosine - options.margin * std::sin(options.margin);
  const torch::Tensor chosen =
      torch::where(cosine > std::cos(std::numbers::pi - options.margin), with_margin, beyond);
  return cosines.scatter(1, column, chosen) * options.scale;
}

MarginHead::MarginHead(int feature_count, int class_count)
    : neck_(register_module(
          "neck", torch::nn::BatchNorm1d(torch::nn::BatchNorm1dOptions(feature_count).affine(false)))),
      weight_(register_parameter("weight", torch::randn({class_count, feature_count}) * 0.01)) {}

torch::Tensor MarginHead::forward(const torch::Tensor& features) {
  namespace functional = torch::nn::functional;
  const auto unit = [](const torch::Tensor& rows) {
    return functional::normalize(rows, functional::NormalizeFuncOptions().dim(1));
  };
  return functional::linear(unit(neck_(features.to(torch::kFloat32))), unit(weight_));
}

}  // namespace ferv::training
