// SPDX-License-Identifier: Apache-2.0
#include "class_balance.h"

#include <algorithm>
#include <map>
#include <set>

#include "matchers.h"

namespace ferv::data {
namespace {

/// `counts[k]` clips of class k, in blocks.
ClipIndex index_of(const std::vector<int>& counts) {
  ClipIndex index;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    index.classes.push_back(std::string(1, static_cast<char>('A' + k)));
    for (int i = 0; i < counts[k]; ++i) index.clips.emplace_back().label = static_cast<int>(k);
  }
  return index;
}

std::vector<std::size_t> all(const ClipIndex& index) {
  std::vector<std::size_t> positions(index.clips.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = i;
  return positions;
}

TEST(ClassBalancedOrder, GivesEveryClassTheSameNumberOfClips) {
  const ClipIndex index = index_of({50, 3, 20, 0, 8});
  Random random(1);
  const auto order = class_balanced_order(index, all(index), random);
  EXPECT_EQ(order.size(), index.clips.size());
  std::map<int, int> counts;
  for (const std::size_t position : order) ++counts[index.clips[position].label];
  EXPECT_EQ(counts.size(), 4U) << "a class without clips is none";
  for (const auto& [label, count] : counts) EXPECT_NEAR(count, 81.0 / 4, 1) << label;
}

TEST(ClassBalancedOrder, RepeatsAClipOnlyAfterAllOthersOfItsClass) {
  const ClipIndex index = index_of({40, 3});
  Random random(2);
  std::vector<std::size_t> rare;
  for (const std::size_t position : class_balanced_order(index, all(index), random)) {
    if (index.clips[position].label == 1) rare.push_back(position);
  }
  for (std::size_t begin = 0; begin + 3 <= rare.size(); begin += 3) {
    EXPECT_EQ(std::set<std::size_t>(rare.begin() + static_cast<std::ptrdiff_t>(begin),
                                    rare.begin() + static_cast<std::ptrdiff_t>(begin + 3))
                  .size(),
              3U);
  }
}

TEST(ClassBalancedOrder, DependsOnTheSeedAndTakesOnlyWhatItIsGiven) {
  const ClipIndex index = index_of({30, 30});
  const std::vector<std::size_t> some = {1, 5, 9, 31, 40};
  Random first(3), again(3), other(4);
  const auto order = class_balanced_order(index, some, first);
  EXPECT_EQ(order, class_balanced_order(index, some, again));
  EXPECT_NE(class_balanced_order(index, all(index), again), class_balanced_order(index, all(index), other));
  for (const std::size_t position : order) EXPECT_TRUE(std::count(some.begin(), some.end(), position) > 0);
}

}  // namespace
}  // namespace ferv::data
