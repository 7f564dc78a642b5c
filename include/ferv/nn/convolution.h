// SPDX-License-Identifier: Apache-2.0
// 2-D convolution that picks the faster of two ways to compute the same sums.
#pragma once

#include <torch/types.h>

namespace torch::nn {
class Conv2dImpl;
}

namespace ferv::nn {

/// layer.forward(input), input [N, C, H, W]; also [N, O, H', W'] out, of the same type as the layer would
/// give.
///
/// Maps of few pixels under many channels (the last stages of a CNN on 64 to 112 px faces) are computed as
/// matrix products when autocast computes in bf16 on the CPU: oneDNN's direct kernels work along rows of
/// pixels, and rows of 2 to 4 pixels leave them nearly idle (docs/decisions/0008). fp32 always goes to the
/// layer itself.
[[nodiscard]] torch::Tensor convolve(torch::nn::Conv2dImpl& layer, const torch::Tensor& input);

/// The matrix-product way by itself, for any stride, padding and kernel without dilation, groups or bias.
/// input bf16 [N, C, H, W], weight float32 or bf16 [O, C, h, w]; gives bf16 [N, O, H', W'], channels-last.
/// The three products are LibTorch's bf16 ones: oneDNN's, with float32 sums, but for tiny matrices.
[[nodiscard]] torch::Tensor convolve_as_product(const torch::Tensor& input, const torch::Tensor& weight,
                                                std::int64_t stride, std::int64_t padding);

}  // namespace ferv::nn
