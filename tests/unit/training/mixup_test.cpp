// SPDX-License-Identifier: Apache-2.0
#include "mixup.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(MixingShare, IsOneWithoutMixing) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) EXPECT_EQ(mixing_share(0, seed), 1.0);
}

TEST(MixingShare, HasTheMomentsOfItsDistributionAndIsTheSameForASeed) {
  constexpr double kAlpha = 0.4;
  constexpr int kDraws = 20000;
  double spread = 0;
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    const double share = mixing_share(kAlpha, seed);
    EXPECT_GE(share, 0.5);
    EXPECT_LE(share, 1.0);
    EXPECT_EQ(mixing_share(kAlpha, seed), share);
    spread += (share - 0.5) * (share - 0.5);
  }
  // The variance of Beta(a, a) is 1 / (4 (2a + 1)); folding at its mean leaves it as it is.
  EXPECT_NEAR(spread / kDraws, 1 / (4 * (2 * kAlpha + 1)), 2e-3);
}

TEST(MixedWithPartners, PutsTheBatchAndItsReverseTogether) {
  const torch::Tensor pictures = torch::arange(6, torch::kFloat32).view({3, 2});
  const torch::Tensor mixed = mixed_with_partners(pictures, 0.75);
  EXPECT_TRUE(torch::allclose(mixed[0], pictures[0] * 0.75 + pictures[2] * 0.25));
  EXPECT_TRUE(torch::allclose(mixed[1], pictures[1])) << "the middle one is its own partner";
  EXPECT_TRUE(torch::equal(mixed_with_partners(pictures, 1), pictures));
}

}  // namespace
}  // namespace ferv::training
