// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/audit.h"

#include "matchers.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<data::AnnotationLine> list_of(const Results& results) {
  std::vector<data::AnnotationLine> list;
  for (const ResultRow& row : results.rows)
    list.push_back({row.clip, results.classes[static_cast<std::size_t>(row.label)]});
  return list;
}

TEST(Audit, FindsNothingWhereEachClipStandsOnce) {
  Results results = test::sample_results({"War"});
  const auto list = list_of(results);
  const Coverage coverage = audit(results, list, Problems::kRefuse, "r.csv");
  EXPECT_TRUE(coverage.is_clean());
  EXPECT_EQ(coverage.wanted_count, 14);
  EXPECT_EQ(results.rows.size(), 14U);
}

TEST(Audit, RefusesAndCountsWhatIsMissingTwiceOrForeign) {
  Results results = test::sample_results({"War"});
  const auto list = list_of(results);
  results.rows.push_back(results.rows[3]);
  results.rows.push_back({"Crime/Sad/0009", 1, 1, {}});
  results.rows.erase(results.rows.begin());
  test::expect_error(ErrorKind::kCorruptData,
                     AllOf(HasSubstr("r.csv"), HasSubstr("1 missing (first: War/Happy/0000)"),
                           HasSubstr("1 duplicated (first: War/Sad/0001)"),
                           HasSubstr("1 foreign (first: Crime/Sad/0009)"), HasSubstr("the 14 of the list")),
                     [&] {
                       Results copy = results;
                       (void)audit(copy, list, Problems::kRefuse, "r.csv");
                     });
  const Coverage coverage = audit(results, list, Problems::kCount, "r.csv");
  EXPECT_THAT(coverage.missing, ElementsAre("War/Happy/0000"));
  EXPECT_THAT(coverage.duplicated, ElementsAre("War/Sad/0001"));
  EXPECT_THAT(coverage.foreign, ElementsAre("Crime/Sad/0009"));
  EXPECT_EQ(results.rows.size(), 13U) << "13 of the list's 14 clips, each once";
}

TEST(Audit, CountsTheFirstAnswerOfAClip) {
  Results results{{"A", "B"}, {{"x", 0, 0, {}}, {"x", 0, 1, {}}}, {}};
  const Coverage coverage = audit(results, {}, Problems::kCount, "r.csv");
  EXPECT_FALSE(coverage.wanted_count.has_value());
  ASSERT_EQ(results.rows.size(), 1U);
  EXPECT_EQ(results.rows[0].predicted, 0);
}

TEST(Audit, NeverTakesALabelThatTheListContradicts) {
  Results results = test::sample_results({"War"});
  auto list = list_of(results);
  list[2].label = "Fear";
  for (const Problems problems : {Problems::kRefuse, Problems::kCount})
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("label of War/Sad/0000 is Sad, wanted Fear"), [&] {
      Results copy = results;
      (void)audit(copy, list, problems, "r.csv");
    });
}

TEST(Audit, RefusesResultsOfOtherClipsAltogether) {
  Results results = test::sample_results({"War"});
  const auto list = list_of(test::sample_results({"Crime"}));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("no clip of the list"),
                     [&] { (void)audit(results, list, Problems::kCount, "r.csv"); });
}

}  // namespace
}  // namespace ferv::evaluation
