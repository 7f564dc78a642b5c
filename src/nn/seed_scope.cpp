// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/seed_scope.h"

#include <torch/torch.h>

namespace ferv::nn {

SeedScope::SeedScope(std::uint64_t seed) {
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  state_ = generator.get_state();
  generator.set_current_seed(seed);
}

SeedScope::~SeedScope() {
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(state_);
}

}  // namespace ferv::nn
