// SPDX-License-Identifier: Apache-2.0
// How torchvision initialises its classifiers, as functions over all layers below a module. Batch norms start
// as the identity already. Networks that differ say so where they are built.
#pragma once

#include <torch/torch.h>

namespace ferv::models {

/// Convolutions, 2-D and 3-D: kaiming_normal_(fan_out, relu) (He et al. 2015, arXiv:1502.01852), biases zero.
void initialise_convolutions(torch::nn::Module& module);

/// Linear layers as VGG and VideoResNet have them: weights N(0, 0.01), biases zero.
void initialise_linear_layers(torch::nn::Module& module);

}  // namespace ferv::models
