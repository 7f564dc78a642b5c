// SPDX-License-Identifier: Apache-2.0
// Optimisers that update a parameter in one pass over memory, instead of LibTorch's one pass an operation.
#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "ferv/training/options.h"
#include "ferv/weights/named_tensors.h"

namespace ferv::training {

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Updates all parameters that have a gradient, with this learning rate, and counts the step.
  void step(double learning_rate);
  /// Counts a step that changes nothing.
  void skip_step() { ++steps_done_; }
  /// Gives each parameter its own share of the learning rate, 1 unless this is called. Throws
  /// kInvalidArgument for another number of factors than of parameters.
  void set_rate_factors(std::vector<double> factors);
  /// Frees the gradients' values; the next backward writes them anew.
  void zero_gradients();
  /// Euclidean norm over all gradients; scales them down to `limit` when it is above. Returns the norm
  /// before.
  double clip_gradients(double limit);

  [[nodiscard]] const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  /// Momentum and the like, under "optimizer.<n>.<name>", for checkpoints.
  [[nodiscard]] weights::NamedTensors state() const;
  /// Throws kIncompatible when names or shapes differ.
  void load_state(const weights::NamedTensors& state, std::int64_t steps_done);
  [[nodiscard]] std::int64_t steps_done() const { return steps_done_; }

 protected:
  explicit Optimizer(std::vector<torch::Tensor> parameters, std::vector<std::string> slot_names);
  /// One parameter: `slots` are its state tensors, all with the parameter's own memory order.
  virtual void update(torch::Tensor& parameter, const torch::Tensor& gradient,
                      std::vector<torch::Tensor>& slots, double learning_rate) = 0;

 private:
  std::vector<torch::Tensor> parameters_;
  std::vector<std::string> slot_names_;
  std::vector<std::vector<torch::Tensor>> slots_;
  std::vector<double> rate_factors_;
  std::int64_t steps_done_ = 0;
};

/// "sgd" or "adamw" by the options.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(std::vector<torch::Tensor> parameters,
                                                        const TrainOptions& options);

/// The learning rate at a point of the run. `epoch` may have a fraction: 2.5 = half-way through the third
/// epoch.
[[nodiscard]] double learning_rate_at(const TrainOptions& options, double epoch);

}  // namespace ferv::training
