// SPDX-License-Identifier: Apache-2.0
// The loops of batch normalisation, in the vectors of this processor. Values lie as rows of columns; each
// column has constants of its own, and sums are calculated in float.
#pragma once

#include <cstdint>

#include "processor_vectors.h"

namespace ferv::nn {

/// `row_count` rows of `width` values each, one row right behind the other.
struct RowBlock {
  std::int64_t row_count;
  std::int64_t width;
};

/// [width] each.
struct ColumnSums {
  float* first;
  float* second;
};

/// Where a gradient passes the activation behind the normalisation.
enum class Slope {
  kAll,         ///< there is no activation
  kFromInput,   ///< where x * scale + offset is above zero
  kFromOutput,  ///< where `output` is; what passes is written to `passed` too
};

/// What goes backwards through a normalisation, and what it is held against. Pointers are to RowBlock's
/// values.
template <typename Value>
struct Backwards {
  const Value* input;
  const Value* gradient;  ///< of the output
  const Value* output;    ///< kFromOutput only
  Value* passed;          ///< kFromOutput only
  Slope slope;
  const float* scale;   ///< [width], of the normalisation
  const float* offset;  ///< [width]
  const float* mean;    ///< [width]
};

/// dx = gradient * g + input * (x - mean) + constant, [width] each.
struct InputGradient {
  const float* gradient;
  const float* input;
  const float* constant;
};

/// Adds sum(x - shift) and sum((x - shift)^2) of each column to `sums`.
void add_statistics(const float* input, RowBlock block, const float* shift, ColumnSums sums);
void add_statistics(const Brain16* input, RowBlock block, const float* shift, ColumnSums sums);

/// What is added to a normalised value, and what becomes of negative sums.
template <typename Value>
struct Activation {
  const Value* addend;  ///< null: nothing
  bool is_rectified;
};

/// output = [max 0] (x * scale + offset [+ addend]); not a number stays one.
void normalise(const float* input, RowBlock block, const float* scale, const float* offset,
               Activation<float> activation, float* output);
void normalise(const Brain16* input, RowBlock block, const float* scale, const float* offset,
               Activation<Brain16> activation, Brain16* output);

/// Adds sum(g) and sum(g * (x - mean)) of each column to `sums`, g being the gradient that passes the
/// activation.
void add_gradient_sums(const Backwards<float>& backwards, RowBlock block, ColumnSums sums);
void add_gradient_sums(const Backwards<Brain16>& backwards, RowBlock block, ColumnSums sums);

/// Writes the input's gradient. With kFromOutput, `gradient` is what add_gradient_sums() has written as
/// `passed`.
void input_gradient(const Backwards<float>& backwards, RowBlock block, const InputGradient& factors,
                    float* result);
void input_gradient(const Backwards<Brain16>& backwards, RowBlock block, const InputGradient& factors,
                    Brain16* result);

}  // namespace ferv::nn
