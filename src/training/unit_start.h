// SPDX-License-Identifier: Apache-2.0
// A start for networks without batch norm, taken from data.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "ferv/models/zoo.h"

namespace ferv::training {

/// A layer's outputs as they were before it was changed.
struct LayerOutputs {
  std::string name;           ///< of the layer in the network
  double mean_magnitude = 0;  ///< of its channels' means over batch and places
  double deviation = 0;       ///< standard deviation, mean over the channels
};

/// Scales and shifts every convolution and linear layer that has a bias so that each of its channels has mean
/// 0 and standard deviation 1 on `clips` (one float32 [B, 3, T, H, W] a stream), one after the other in one
/// pass in float32 without dropout, and sets the last layer to 0: Kraehenbuehl et al. 2016, "Data-dependent
/// Initializations of Convolutional Neural Networks", their step within the layers. Convolutions before a
/// batch norm have no bias and stay as they are. Returns the layers in the order of their use, the last one
/// left out.
///
/// Why: at random weights a deep network of ReLUs gives nearly the same features for every face, and batch
/// norm is what takes away the part that all have in common.
std::vector<LayerOutputs> start_at_unit_scale(models::Model& model, const std::vector<torch::Tensor>& clips);

}  // namespace ferv::training
