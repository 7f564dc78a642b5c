// SPDX-License-Identifier: Apache-2.0
// Mixup (Zhang et al. 2018, arXiv:1710.09412): pictures of a batch seen through each other, and the loss of
// both labels. What it teaches is to be less sure, which helps where labels are noisy.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace ferv::training {

/// How much of a picture stays when it is mixed: from Beta(alpha, alpha), the larger of it and what it
/// leaves, so that a picture's own label has most of the weight. 1 for alpha = 0.
[[nodiscard]] double mixing_share(double alpha, std::uint64_t seed);

/// Each picture of [B, ...] times `share`, and its partner, which is the one as far from the other end of the
/// batch, times the rest. The labels of partners are `labels.flip(0)`.
[[nodiscard]] torch::Tensor mixed_with_partners(const torch::Tensor& pictures, double share);

}  // namespace ferv::training
