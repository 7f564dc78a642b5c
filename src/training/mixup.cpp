// SPDX-License-Identifier: Apache-2.0
#include "mixup.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "ferv/base/random.h"

namespace ferv::training {

double mixing_share(double alpha, std::uint64_t seed) {
  if (alpha <= 0) return 1;
  Random random(seed);
  // Johnk 1964: for alpha up to 1 more than half of the tries succeed; for larger ones they become rare.
  for (;;) {
    const double a = std::pow(random.uniform(), 1 / alpha);
    const double b = std::pow(random.uniform(), 1 / alpha);
    if (a + b > 1 || a + b <= 0) continue;
    const double share = a / (a + b);
    return std::max(share, 1 - share);
  }
}

torch::Tensor mixed_with_partners(const torch::Tensor& pictures, double share) {
  if (share >= 1) return pictures;
  return pictures * share + pictures.flip(0) * (1 - share);
}

}  // namespace ferv::training
