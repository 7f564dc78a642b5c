// SPDX-License-Identifier: Apache-2.0
// Batch normalisation in training on the CPU, with what usually follows it, in as few passes over memory as
// there can be: one for the statistics and one for the rest, and two on the way back. LibTorch's takes twice
// as many.
#pragma once

#include <torch/types.h>

namespace ferv::nn {

/// Mean and variance of each channel over a batch, float32 [C]. The variance is divided by the number of
/// values.
struct BatchStatistics {
  torch::Tensor mean;
  torch::Tensor variance;
  double count = 0;  ///< of values a channel
};

/// True when the functions below take `input`: float32 or bfloat16 [N, C, ...] in plain memory of the CPU.
[[nodiscard]] bool is_normalised_here(const torch::Tensor& input);

/// The same bits whatever the number of threads.
[[nodiscard]] BatchStatistics batch_statistics(const torch::Tensor& input);

struct Normalisation {
  torch::Tensor weight;  ///< float32 [C]
  torch::Tensor bias;    ///< float32 [C]
  double epsilon = 1e-5;
  torch::Tensor addend;       ///< of the input's shape; undefined: nothing is added
  bool is_rectified = false;  ///< negative sums become 0
};

/// y = [max 0] ((x - mean) / sqrt(variance + epsilon) * weight + bias [+ addend]), with the gradient that
/// counts that mean and variance are those of x (Ioffe and Szegedy 2015, section 3).
[[nodiscard]] torch::Tensor normalise_batch(const torch::Tensor& input, const BatchStatistics& statistics,
                                            const Normalisation& normalisation);

}  // namespace ferv::nn
