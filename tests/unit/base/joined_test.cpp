// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/joined.h"

#include <gtest/gtest.h>

namespace ferv {
namespace {

TEST(Joined, PutsTheSeparatorBetweenWordsAlone) {
  EXPECT_EQ(joined({}, ", "), "");
  EXPECT_EQ(joined({"one"}, ", "), "one");
  EXPECT_EQ(joined({"one", "two", "three"}, "; "), "one; two; three");
}

}  // namespace
}  // namespace ferv
