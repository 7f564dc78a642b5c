// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/check.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(CheckPage, ShowsProblemsByKindAndEachAlone) {
  ClipIndex index;
  index.layout = "ferv39k";
  CheckReport report;
  report.problems = {{ProblemKind::kOddSize, "a/<b>.jpg", "1 & 2"}, {ProblemKind::kOddSize, "c.jpg", "x"}};
  report.complete = false;
  const std::string page = check_page(index, report);
  EXPECT_THAT(page, HasSubstr("<td>odd-size</td><td class=\"n\">2</td>"));
  EXPECT_THAT(page, HasSubstr("a/&lt;b&gt;.jpg"));
  EXPECT_THAT(page, HasSubstr("1 &amp; 2"));
  EXPECT_THAT(page, HasSubstr("Stopped before the end"));
  EXPECT_THAT(page,
              AllOf(HasSubstr("default-src 'none'"), Not(HasSubstr("http:")), Not(HasSubstr("https:"))));
}

TEST(CheckPage, SaysWhenNothingIsWrong) {
  EXPECT_THAT(check_page({}, {}), HasSubstr("Nothing wrong was found"));
}

TEST(CheckPage, LeavesTheRestOfAnEndlessListToTheJson) {
  CheckReport report;
  report.problems.assign(6000, {ProblemKind::kMissingClip, "a", "b"});
  EXPECT_THAT(check_page({}, report), HasSubstr("1000 more are in the JSON"));
}

}  // namespace
}  // namespace ferv::data
