// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/median.h"

#include "matchers.h"

namespace ferv {
namespace {

TEST(Median, IsTheMiddleOfTheSortedValues) {
  EXPECT_DOUBLE_EQ(median({7}), 7);
  EXPECT_DOUBLE_EQ(median({9, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(median({4, 1, 9, 2}), 3);
}

}  // namespace
}  // namespace ferv
