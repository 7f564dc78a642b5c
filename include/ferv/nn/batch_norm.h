// SPDX-License-Identifier: Apache-2.0
// Batch normalisation whose statistics may be those of all ranks' batches together.
#pragma once

#include <torch/nn/modules/batchnorm.h>

namespace ferv::nn {

class Communicator;

/// LibTorch's own layer, until synchronise_batch_norms() gives it ranks to share statistics with.
class BatchNorm2dImpl : public torch::nn::BatchNorm2dImpl {
 public:
  using torch::nn::BatchNorm2dImpl::BatchNorm2dImpl;
  torch::Tensor forward(const torch::Tensor& input);
  Communicator* communicator = nullptr;  ///< null: the statistics are those of this process's batch
};
TORCH_MODULE(BatchNorm2d);

/// The same for volumes.
class BatchNorm3dImpl : public torch::nn::BatchNorm3dImpl {
 public:
  using torch::nn::BatchNorm3dImpl::BatchNorm3dImpl;
  torch::Tensor forward(const torch::Tensor& input);
  Communicator* communicator = nullptr;
};
TORCH_MODULE(BatchNorm3d);

/// From here on, in training, every such layer below `module` normalises by mean and variance over the
/// batches of all ranks, which must then call forward and backward together; gradients are those of the joint
/// batch. `communicator` must outlive the module's use. Does nothing with one process.
void synchronise_batch_norms(torch::nn::Module& module, Communicator& communicator);

}  // namespace ferv::nn
