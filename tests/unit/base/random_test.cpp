// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/random.h"

#include <array>
#include <numeric>
#include <set>
#include <vector>

#include "matchers.h"

namespace ferv {
namespace {

TEST(Random, GivesTheReferenceSequenceOfSplitMix64) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
}

TEST(Random, BelowIsUniform) {
  Random random(5);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 400);
}

TEST(Random, NormalHasMeanZeroAndDeviationOne) {
  Random random(9);
  double sum = 0;
  double squares = 0;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 0.02);
  EXPECT_NEAR(squares / kCount, 1.0, 0.02);
}

TEST(Random, ShuffleKeepsAllItems) {
  std::vector<int> values(50);
  std::iota(values.begin(), values.end(), 0);
  Random random(3);
  random.shuffle(std::span(values));
  EXPECT_EQ(std::set<int>(values.begin(), values.end()).size(), 50U);
  EXPECT_FALSE(std::is_sorted(values.begin(), values.end()));
}

TEST(DeriveSeed, SeparatesPurposesAndCoordinates) {
  std::set<std::uint64_t> seeds;
  for (const char* purpose : {"crop", "flip"}) {
    for (std::uint64_t epoch = 0; epoch < 30; ++epoch) {
      for (std::uint64_t clip = 0; clip < 30; ++clip) seeds.insert(derive_seed(7, purpose, {epoch, clip}));
    }
  }
  EXPECT_EQ(seeds.size(), 1800U);
  EXPECT_EQ(derive_seed(7, "crop", {1, 2}), derive_seed(7, "crop", {1, 2}));
  EXPECT_NE(derive_seed(7, "crop", {1, 2}), derive_seed(7, "crop", {2, 1}));
}

}  // namespace
}  // namespace ferv
