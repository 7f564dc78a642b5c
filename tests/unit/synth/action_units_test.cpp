// SPDX-License-Identifier: Apache-2.0
#include "action_units.h"

#include <gmock/gmock.h>

#include <set>
#include <vector>

namespace ferv::synth {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<int> numbers_of(Expression expression) {
  std::vector<int> numbers;
  for (const ActionUnit unit : action_units_of(expression)) numbers.push_back(facs_number(unit));
  return numbers;
}

TEST(ActionUnits, OfEachExpressionAreThePrototypes) {
  EXPECT_THAT(numbers_of(Expression::kHappy), ElementsAre(6, 12));
  EXPECT_THAT(numbers_of(Expression::kSad), ElementsAre(1, 4, 15));
  EXPECT_THAT(numbers_of(Expression::kSurprise), ElementsAre(1, 2, 5, 26));
  EXPECT_THAT(numbers_of(Expression::kFear), ElementsAre(1, 2, 4, 5, 20, 26));
  EXPECT_THAT(numbers_of(Expression::kAngry), ElementsAre(4, 5, 7, 23));
  EXPECT_THAT(numbers_of(Expression::kDisgust), ElementsAre(9, 15, 16));
  EXPECT_THAT(numbers_of(Expression::kNeutral), IsEmpty());
}

TEST(ActionUnits, AllHaveTheirOwnFacsNumber) {
  std::set<int> numbers;
  for (std::size_t i = 0; i < kActionUnitCount; ++i) numbers.insert(facs_number(static_cast<ActionUnit>(i)));
  EXPECT_EQ(numbers.size(), kActionUnitCount);
  EXPECT_EQ(facs_number(ActionUnit::kBlink), 45);
}

TEST(Activation, AddsScaledAndIsLimited) {
  Activation resting;
  resting[ActionUnit::kJawDrop] = 0.5;
  Activation expression;
  expression[ActionUnit::kJawDrop] = 1.0;
  expression[ActionUnit::kBlink] = 0.2;
  resting.add(expression, 2.0);
  EXPECT_DOUBLE_EQ(resting[ActionUnit::kJawDrop], 2.5);
  EXPECT_DOUBLE_EQ(resting[ActionUnit::kBlink], 0.4);
  resting.add(expression, -3.0);
  resting.clamp(0.3);
  EXPECT_DOUBLE_EQ(resting[ActionUnit::kJawDrop], 0.0);
  resting.add(expression);
  resting.clamp(0.3);
  EXPECT_DOUBLE_EQ(resting[ActionUnit::kJawDrop], 0.3);
}

}  // namespace
}  // namespace ferv::synth
