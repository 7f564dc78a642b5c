// SPDX-License-Identifier: Apache-2.0
#include "assignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "ferv/base/random.h"

namespace ferv::face {
namespace {

using testing::ElementsAre;

TEST(Assign, LooksAtAllTogether) {
  // Each on its own would take the first; together they are worth most the other way.
  EXPECT_THAT(assign({{0.9, 0.8}, {0.8, 0.1}}), ElementsAre(1, 0));
}

TEST(Assign, LeavesOutWhatIsWorthNothing) {
  EXPECT_THAT(assign({{0, 0}, {0, 0.5}}), ElementsAre(-1, 1));
  EXPECT_THAT(assign({{0.5}, {0.6}, {0}}), ElementsAre(-1, 0, -1));
  EXPECT_THAT(assign({{}, {}}), ElementsAre(-1, -1));
  EXPECT_TRUE(assign({}).empty());
}

double worth_of(const std::vector<std::vector<double>>& worth, const std::vector<int>& chosen) {
  double sum = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    sum += chosen[i] < 0 ? 0 : worth[i][static_cast<std::size_t>(chosen[i])];
  return sum;
}

TEST(Assign, IsAsGoodAsTryingAllOrders) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::vector<double>> worth(4, std::vector<double>(4));
    for (auto& row : worth) {
      for (double& value : row) value = random.chance(0.3) ? 0 : random.uniform();
    }
    std::vector<int> order(4);
    std::iota(order.begin(), order.end(), 0);
    double best = 0;
    do best = std::max(best, worth_of(worth, order));
    while (std::next_permutation(order.begin(), order.end()));
    EXPECT_NEAR(worth_of(worth, assign(worth)), best, 1e-5);
  }
}

}  // namespace
}  // namespace ferv::face
