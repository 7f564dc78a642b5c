// SPDX-License-Identifier: Apache-2.0
// From the type of a tensor's values to that of the loops of processor_vectors.h.
#pragma once

#include <torch/types.h>

#include "processor_vectors.h"

namespace ferv::nn {

/// Whether the loops know the type: float32 or bf16.
inline bool has_value_type(const torch::Tensor& tensor) {
  return tensor.scalar_type() == torch::kFloat32 || tensor.scalar_type() == torch::kBFloat16;
}

/// Calls run(Value{}) with the type that stands for the tensor's in the loops.
template <typename Run>
auto with_value_type(const torch::Tensor& tensor, const Run& run) {
  return tensor.scalar_type() == torch::kBFloat16 ? run(Brain16{}) : run(float{});
}

}  // namespace ferv::nn
