// SPDX-License-Identifier: Apache-2.0
// Which parameters learn in an epoch, and at what share of the learning rate.
#pragma once

#include <string>
#include <vector>

#include "ferv/training/options.h"

namespace torch::nn {
class Module;
}

namespace ferv::training {

/// Follows `freeze`, `freeze_epochs`, `head_warmup_epochs` and the three rate factors of the options.
class LearningParts {
 public:
  /// Throws kInvalidArgument for a word of `freeze` that names nothing of the module (with what it could
  /// name), and when a whole run would have nothing that learns. `module` must outlive this.
  LearningParts(const TrainOptions& options, torch::nn::Module& module);

  /// One factor a parameter, in the order of module.parameters().
  [[nodiscard]] std::vector<double> rate_factors() const;

  /// Lets learn what learns in this epoch (counted from 0). Frozen layers get no gradients, and their batch
  /// norms run as in evaluation: what does not learn must not drift either. Call after module.train().
  void begin_epoch(std::int64_t epoch) const;

 private:
  [[nodiscard]] bool learns(const std::string& name, std::int64_t epoch) const;

  TrainOptions options_;
  torch::nn::Module& module_;
  std::vector<std::string> frozen_words_;
};

}  // namespace ferv::training
