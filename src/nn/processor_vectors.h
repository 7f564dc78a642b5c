// SPDX-License-Identifier: Apache-2.0
// For loops over memory that the compiler makes vectors of.
#pragma once

#include <bit>
#include <cstdint>

/// Before a function: it is compiled for three generations of processors, and the loader takes the one that
/// fits. What it calls must be FERV_INLINE. Clang knows the attribute and not these names.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FERV_FOR_EACH_PROCESSOR [[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define FERV_FOR_EACH_PROCESSOR
#endif
#define FERV_INLINE [[gnu::always_inline]] inline

namespace ferv::nn {

/// A bf16 number: the upper half of a float.
struct Brain16 {
  std::uint16_t bits;
};

FERV_INLINE float as_float(float value) {
  return value;
}
FERV_INLINE float as_float(Brain16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16U);
}

FERV_INLINE void store_float(float value, float& place) {
  place = value;
}
/// To the nearest, ties to even.
FERV_INLINE void store_float(float value, Brain16& place) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U;
  // Rounding would turn some that are not a number into zero.
  place.bits = static_cast<std::uint16_t>(value != value ? 0x7fc0U : rounded);
}

}  // namespace ferv::nn
