// SPDX-License-Identifier: Apache-2.0
// Training in fp16 (Micikevicius et al. 2018, section 3.2): the loss is multiplied by a power of two, so that
// small gradients do not become zero, and the gradients are divided by it before the optimiser sees them.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "ferv/nn/precision.h"
#include "optimizer.h"

namespace ferv::training {

/// Part of a checkpoint.
struct LossScaleState {
  double scale = 65536;
  std::int64_t good_steps = 0;  ///< since the scale was last changed
};

/// Follows `loss_scaling` of the options: "auto" (fp16 only), "on" or "off". Off, nothing is changed or
/// looked at.
class LossScale {
 public:
  LossScale(std::string_view setting, nn::Precision precision);

  [[nodiscard]] torch::Tensor scaled(const torch::Tensor& loss) const;
  /// What scaled() multiplies by: 1 when off.
  [[nodiscard]] double factor() const { return is_on_ ? state_.scale : 1.0; }
  /// Divides the gradients of `parameters` by the scale. False when one of them is not finite: then the step
  /// must be left out, and the scale has been halved; after 2000 good steps it is doubled. Throws kFailed
  /// where gradients are not finite even unscaled.
  [[nodiscard]] bool unscale(const std::vector<torch::Tensor>& parameters);

  [[nodiscard]] const LossScaleState& state() const { return state_; }
  void load_state(const LossScaleState& state) { state_ = state; }

 private:
  bool is_on_;
  LossScaleState state_;
};

/// One step with the gradients of the scaled loss, their norm held to `clip_norm` (0 = as it is). Where they
/// are not finite the step changes nothing, and counts all the same. Throws as LossScale::unscale().
void update_weights(Optimizer& optimizer, LossScale& loss_scale, double clip_norm, double learning_rate);

}  // namespace ferv::training
