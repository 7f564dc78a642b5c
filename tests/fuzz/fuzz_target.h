// SPDX-License-Identifier: Apache-2.0
// The frame of every fuzz target: a reader may refuse its input as corrupt, and nothing else.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "ferv/base/error.h"

namespace ferv::fuzz {

template <typename Reader>
int run(std::span<const std::uint8_t> bytes, Reader reader) {
  try {
    reader(bytes);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kCorruptData) std::abort();
  }
  return 0;
}

inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace ferv::fuzz

/// FERV_FUZZ_TARGET(bytes) { ... }: the body of LLVMFuzzerTestOneInput over a span `bytes`.
#define FERV_FUZZ_TARGET(bytes)                                                       \
  static void read_input(std::span<const std::uint8_t> bytes);                        \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    return ferv::fuzz::run({data, size}, [](auto input) { read_input(input); });      \
  }                                                                                   \
  static void read_input(std::span<const std::uint8_t> bytes)
