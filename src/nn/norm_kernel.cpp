// SPDX-License-Identifier: Apache-2.0
#include "norm_kernel.h"

namespace ferv::nn {
namespace {

template <typename Value>
FERV_INLINE void statistics_of(const Value* __restrict input, RowBlock block, const float* __restrict shift,
                               ColumnSums sums) {
  float* __restrict sum = sums.first;
  float* __restrict square = sums.second;
  for (std::int64_t row = 0; row < block.row_count; ++row, input += block.width) {
    for (std::int64_t i = 0; i < block.width; ++i) {
      const float value = as_float(input[i]) - shift[i];
      sum[i] += value;
      square[i] += value * value;
    }
  }
}

template <bool kHasAddend, bool kIsRectified, typename Value>
FERV_INLINE void normalise_so(const Value* __restrict input, RowBlock block, const float* __restrict scale,
                              const float* __restrict offset, const Value* __restrict addend,
                              Value* __restrict output) {
  for (std::int64_t row = 0; row < block.row_count; ++row) {
    for (std::int64_t i = 0; i < block.width; ++i) {
      float value = as_float(input[i]) * scale[i] + offset[i];
      if (kHasAddend) value += as_float(addend[i]);
      if (kIsRectified) value = value < 0 ? 0 : value;
      store_float(value, output[i]);
    }
    input += block.width;
    output += block.width;
    if (kHasAddend) addend += block.width;
  }
}

template <typename Value>
FERV_INLINE void normalise_all(const Value* input, RowBlock block, const float* scale, const float* offset,
                               Activation<Value> activation, Value* output) {
  const auto& [addend, is_rectified] = activation;
  if (addend != nullptr && is_rectified)
    return normalise_so<true, true>(input, block, scale, offset, addend, output);
  if (addend != nullptr) return normalise_so<true, false>(input, block, scale, offset, addend, output);
  if (is_rectified) return normalise_so<false, true>(input, block, scale, offset, addend, output);
  return normalise_so<false, false>(input, block, scale, offset, addend, output);
}

/// The gradient of one value that passes the activation. Like LibTorch's, it passes where the output is not a
/// number.
template <Slope kSlope>
FERV_INLINE float passing(float gradient, float normalised, float output) {
  if (kSlope == Slope::kFromInput) return normalised <= 0 ? 0 : gradient;
  if (kSlope == Slope::kFromOutput) return output <= 0 ? 0 : gradient;
  return gradient;
}

template <Slope kSlope, typename Value>
FERV_INLINE void gradient_sums_so(const Backwards<Value>& backwards, RowBlock block, ColumnSums sums) {
  const Value* __restrict input = backwards.input;
  const Value* __restrict gradient = backwards.gradient;
  const Value* __restrict output = backwards.output;
  Value* __restrict passed = backwards.passed;
  const float* __restrict scale = backwards.scale;
  const float* __restrict offset = backwards.offset;
  const float* __restrict mean = backwards.mean;
  float* __restrict sum = sums.first;
  float* __restrict product = sums.second;
  for (std::int64_t row = 0; row < block.row_count; ++row) {
    for (std::int64_t i = 0; i < block.width; ++i) {
      const float value = as_float(input[i]);
      const float reached = kSlope == Slope::kFromOutput ? as_float(output[i]) : 0.0F;
      const float g = passing<kSlope>(as_float(gradient[i]), value * scale[i] + offset[i], reached);
      if (kSlope == Slope::kFromOutput) store_float(g, passed[i]);
      sum[i] += g;
      product[i] += g * (value - mean[i]);
    }
    input += block.width;
    gradient += block.width;
    if (kSlope == Slope::kFromOutput) {
      output += block.width;
      passed += block.width;
    }
  }
}

template <typename Value>
FERV_INLINE void gradient_sums_of(const Backwards<Value>& backwards, RowBlock block, ColumnSums sums) {
  switch (backwards.slope) {
    case Slope::kAll:
      return gradient_sums_so<Slope::kAll>(backwards, block, sums);
    case Slope::kFromInput:
      return gradient_sums_so<Slope::kFromInput>(backwards, block, sums);
    case Slope::kFromOutput:
      return gradient_sums_so<Slope::kFromOutput>(backwards, block, sums);
  }
}

template <bool kIsMasked, typename Value>
FERV_INLINE void input_gradient_so(const Backwards<Value>& backwards, RowBlock block,
                                   const InputGradient& factors, Value* __restrict result) {
  const Value* __restrict input = backwards.input;
  const Value* __restrict gradient = backwards.gradient;
  const float* __restrict scale = backwards.scale;
  const float* __restrict offset = backwards.offset;
  const float* __restrict mean = backwards.mean;
  const float* __restrict of_gradient = factors.gradient;
  const float* __restrict of_input = factors.input;
  const float* __restrict constant = factors.constant;
  for (std::int64_t row = 0; row < block.row_count; ++row) {
    for (std::int64_t i = 0; i < block.width; ++i) {
      const float value = as_float(input[i]);
      float g = as_float(gradient[i]);
      if (kIsMasked) g = passing<Slope::kFromInput>(g, value * scale[i] + offset[i], 0);
      store_float(of_gradient[i] * g + of_input[i] * (value - mean[i]) + constant[i], result[i]);
    }
    input += block.width;
    gradient += block.width;
    result += block.width;
  }
}

template <typename Value>
FERV_INLINE void input_gradient_of(const Backwards<Value>& backwards, RowBlock block,
                                   const InputGradient& factors, Value* result) {
  if (backwards.slope == Slope::kFromInput) return input_gradient_so<true>(backwards, block, factors, result);
  return input_gradient_so<false>(backwards, block, factors, result);
}

}  // namespace

FERV_FOR_EACH_PROCESSOR void add_statistics(const float* input, RowBlock block, const float* shift,
                                            ColumnSums sums) {
  statistics_of(input, block, shift, sums);
}
FERV_FOR_EACH_PROCESSOR void add_statistics(const Brain16* input, RowBlock block, const float* shift,
                                            ColumnSums sums) {
  statistics_of(input, block, shift, sums);
}

FERV_FOR_EACH_PROCESSOR void normalise(const float* input, RowBlock block, const float* scale,
                                       const float* offset, Activation<float> activation, float* output) {
  normalise_all(input, block, scale, offset, activation, output);
}
FERV_FOR_EACH_PROCESSOR void normalise(const Brain16* input, RowBlock block, const float* scale,
                                       const float* offset, Activation<Brain16> activation, Brain16* output) {
  normalise_all(input, block, scale, offset, activation, output);
}

FERV_FOR_EACH_PROCESSOR void add_gradient_sums(const Backwards<float>& backwards, RowBlock block,
                                               ColumnSums sums) {
  gradient_sums_of(backwards, block, sums);
}
FERV_FOR_EACH_PROCESSOR void add_gradient_sums(const Backwards<Brain16>& backwards, RowBlock block,
                                               ColumnSums sums) {
  gradient_sums_of(backwards, block, sums);
}

FERV_FOR_EACH_PROCESSOR void input_gradient(const Backwards<float>& backwards, RowBlock block,
                                            const InputGradient& factors, float* result) {
  input_gradient_of(backwards, block, factors, result);
}
FERV_FOR_EACH_PROCESSOR void input_gradient(const Backwards<Brain16>& backwards, RowBlock block,
                                            const InputGradient& factors, Brain16* result) {
  input_gradient_of(backwards, block, factors, result);
}

}  // namespace ferv::nn
