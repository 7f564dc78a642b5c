// SPDX-License-Identifier: Apache-2.0
#include "loss_scale.h"

#include <torch/torch.h>

#include "ferv/base/error.h"

namespace ferv::training {
namespace {

// torch.cuda.amp.GradScaler's defaults.
constexpr std::int64_t kStepsBeforeGrowth = 2000;
constexpr double kLargestScale = 1 << 24;

}  // namespace

LossScale::LossScale(std::string_view setting, nn::Precision precision)
    : is_on_(setting == "on" || (setting == "auto" && precision == nn::Precision::kFloat16)) {}

torch::Tensor LossScale::scaled(const torch::Tensor& loss) const {
  return is_on_ ? loss * state_.scale : loss;
}

bool LossScale::unscale(const std::vector<torch::Tensor>& parameters) {
  if (!is_on_) return true;
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> sums;
  for (const torch::Tensor& parameter : parameters) {
    if (!parameter.grad().defined()) continue;
    torch::Tensor gradient = parameter.grad();
    gradient.mul_(1 / state_.scale);
    // A sum that is finite has only finite terms, unless float32 overflows, and then the step is no good.
    sums.push_back(gradient.abs().sum(torch::kFloat32));
  }
  const bool are_finite = sums.empty() || torch::stack(sums).isfinite().all().item<bool>();
  if (are_finite) {
    if (++state_.good_steps < kStepsBeforeGrowth || state_.scale >= kLargestScale) return true;
    state_ = {.scale = state_.scale * 2, .good_steps = 0};
    return true;
  }
  if (state_.scale <= 1)
    throw failed("gradients are not finite, with a loss scale of 1 too; try a lower learning_rate");
  state_ = {.scale = state_.scale / 2, .good_steps = 0};
  return false;
}

void update_weights(Optimizer& optimizer, LossScale& loss_scale, double clip_norm, double learning_rate) {
  if (!loss_scale.unscale(optimizer.parameters())) {
    optimizer.skip_step();
    return;
  }
  if (clip_norm > 0) optimizer.clip_gradients(clip_norm);
  optimizer.step(learning_rate);
}

}  // namespace ferv::training
