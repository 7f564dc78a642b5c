// SPDX-License-Identifier: Apache-2.0
// Initialisation draws from LibTorch's global generator: this seeds it for a while and puts its state back
// after.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace ferv::nn {

class SeedScope {
 public:
  explicit SeedScope(std::uint64_t seed);
  ~SeedScope();
  SeedScope(const SeedScope&) = delete;
  SeedScope& operator=(const SeedScope&) = delete;

 private:
  torch::Tensor state_;
};

}  // namespace ferv::nn
