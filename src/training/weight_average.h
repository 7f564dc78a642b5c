// SPDX-License-Identifier: Apache-2.0
// A moving average of a model's weights, which often does better than the weights themselves.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "ferv/weights/named_tensors.h"

namespace torch::nn {
class Module;
}

namespace ferv::training {

/// average = d * average + (1 - d) * weights after every step, with d = min(decay, (1 + n) / (10 + n)) after
/// n steps, so that the first weights are soon forgotten. Statistics of normalisations are averaged too;
/// whole numbers are copied (Polyak and Juditsky 1992; the rising decay is TensorFlow's).
class WeightAverage {
 public:
  /// `module` must outlive this.
  WeightAverage(torch::nn::Module& module, double decay);

  void update(std::int64_t steps_done);

  [[nodiscard]] weights::NamedTensors state() const;
  /// Throws kIncompatible when names or shapes differ.
  void load_state(const weights::NamedTensors& state);

  /// Exchanges the average and the module's weights.
  void swap();

 private:
  std::vector<std::pair<std::string, torch::Tensor>> own_;  ///< the module's tensors
  std::vector<torch::Tensor> averages_;
  double decay_;
};

/// The module holds the average while this lives. Does nothing for a null average.
class AveragedScope {
 public:
  explicit AveragedScope(WeightAverage* average) : average_(average) {
    if (average_ != nullptr) average_->swap();
  }
  ~AveragedScope() {
    if (average_ != nullptr) average_->swap();
  }
  AveragedScope(const AveragedScope&) = delete;
  AveragedScope& operator=(const AveragedScope&) = delete;

 private:
  WeightAverage* average_;
};

}  // namespace ferv::training
