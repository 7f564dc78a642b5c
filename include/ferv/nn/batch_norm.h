// SPDX-License-Identifier: Apache-2.0
// Batch normalisation whose statistics may be those of all ranks' batches together.
#pragma once

#include <torch/nn/modules/batchnorm.h>

#include <cstdint>

namespace ferv::nn {

class Communicator;

/// LibTorch's layers for pictures and volumes in one: their names, initialisation and arithmetic.
class BatchNormImpl : public torch::nn::NormImplBase<2, BatchNormImpl, torch::nn::BatchNormOptions> {
 public:
  // Not derived from torch::nn::BatchNorm2dImpl: a library of LibTorch 1.13 keeps that one's table to itself.
  using Base = torch::nn::NormImplBase<2, BatchNormImpl, torch::nn::BatchNormOptions>;
  explicit BatchNormImpl(std::int64_t channel_count) : Base(torch::nn::BatchNormOptions(channel_count)) {}
  explicit BatchNormImpl(const torch::nn::BatchNormOptions& settings) : Base(settings) {}

  /// [N, C, ...] of at least three dimensions.
  torch::Tensor forward(const torch::Tensor& input);
  /// max(0, forward(input) [+ addend]), in fewer passes over memory where this trains on the CPU. In
  /// evaluation it may work in place: what it returns may be `input`.
  torch::Tensor forward_relu(const torch::Tensor& input, const torch::Tensor& addend = {});
  Communicator* communicator = nullptr;  ///< null: the statistics are those of this process's batch
  bool is_folded = false;                ///< the convolution before it does its work: see fold_batch_norms()

 protected:
  void _check_input_dim(const torch::Tensor& input) override;

 private:
  torch::Tensor normalise(const torch::Tensor& input, const torch::Tensor& addend, bool is_rectified);
  /// Without what follows, by LibTorch.
  torch::Tensor normalise_alone(const torch::Tensor& input);
};
TORCH_MODULE(BatchNorm);

/// From here on, in training, every such layer below `module` normalises by mean and variance over the
/// batches of all ranks, which must then call forward and backward together; gradients are those of the joint
/// batch. `communicator` must outlive the module's use. Does nothing with one process.
void synchronise_batch_norms(torch::nn::Module& module, Communicator& communicator);

/// Of every such layer below `module`: a batch counts for `momentum`, in (0, 1], of the running mean and
/// variance that evaluation uses.
void set_batch_norm_momentum(torch::nn::Module& module, double momentum);

/// Puts what every batch norm would do in evaluation mode into the weights of the convolution before it:
/// y = (w * x - mean) * s + beta with s = gamma / sqrt(variance + epsilon) is a convolution with weights
/// w * s and bias beta - mean * s. Before it means: the child registered last before the batch norm in the
/// same module, which is how the networks of the zoo are written. For inference only: afterwards the modules
/// refuse to train, and their state is no longer that of a file. Returns how many were folded.
int fold_batch_norms(torch::nn::Module& module);

}  // namespace ferv::nn
