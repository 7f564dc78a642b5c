// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/lower_case.h"

#include "matchers.h"

namespace ferv {
namespace {

TEST(LowerCase, ChangesAsciiLettersAndNothingElse) {
  EXPECT_EQ(lower_case("Film_01.MP4"), "film_01.mp4");
  EXPECT_EQ(lower_case("@[`{ 09"), "@[`{ 09");
  EXPECT_EQ(lower_case("\xc3\x84"), "\xc3\x84") << "an umlaut in UTF-8";
  EXPECT_EQ(lower_case(""), "");
}

}  // namespace
}  // namespace ferv
