// SPDX-License-Identifier: Apache-2.0
// Gradients of all ranks, summed.
#pragma once

#include <torch/types.h>

#include <cstddef>
#include <vector>

#include "ferv/nn/communicator.h"
#include "ferv/weights/named_tensors.h"

namespace torch::nn {
class Module;
}

namespace ferv::training {

/// Adds up what the ranks' backward passes left, in a few large messages instead of one a parameter. Every
/// rank then holds the same bits, and so do its weights after the optimiser's step.
class GradientSum {
 public:
  /// Both must outlive this. Throws kIncompatible for parameters that are not float32.
  GradientSum(torch::nn::Module& module, nn::Communicator& communicator);

  /// Gradients become the sum over all ranks. A parameter that has none on any rank keeps none. Statistics
  /// that batch norms gather become the mean over all ranks: they differ where a rank's own batch alone goes
  /// into them, and a checkpoint can hold them only once.
  void exchange();

 private:
  /// Parameters whose gradients lie one behind the other in one message.
  struct Bucket {
    torch::Tensor memory;  ///< float32, flat
    std::vector<std::size_t> parameters;
  };

  void pack();
  void unpack();

  nn::Communicator& communicator_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> views_;    ///< one a parameter: its place in a bucket, in its own memory order
  std::vector<torch::Tensor> buffers_;  ///< floating-point ones
  std::vector<Bucket> buckets_;
  torch::Tensor small_;  ///< for each parameter whether it has a gradient, then the buffers' values
};

/// Fills each tensor of `state` with rank 0's values. Does nothing with one process.
void broadcast_all(nn::Communicator& communicator, const weights::NamedTensors& state);

}  // namespace ferv::training
