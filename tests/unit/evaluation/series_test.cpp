// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/series.h"

#include <array>
#include <cmath>

#include "matchers.h"

namespace ferv::evaluation {
namespace {

using testing::HasSubstr;

/// `right` and `wrong` clips of each of two classes.
Results fold_of(const std::string& prefix, std::array<int, 2> right, std::array<int, 2> wrong) {
  Results results;
  results.classes = {"Happy", "Sad"};
  for (int label = 0; label < 2; ++label) {
    const auto i = static_cast<std::size_t>(label);
    for (int k = 0; k < right[i] + wrong[i]; ++k) {
      results.rows.push_back({prefix + std::to_string(label) + "_" + std::to_string(k),
                              label,
                              k < right[i] ? label : 1 - label,
                              {}});
    }
  }
  return results;
}

TEST(Spread, IsMeanAndDeviationOfASample) {
  const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
  const Spread spread = spread_of(values);
  EXPECT_DOUBLE_EQ(spread.mean, 5);
  EXPECT_NEAR(spread.deviation.value(), std::sqrt(32.0 / 7.0), 1e-12);
  EXPECT_FALSE(spread_of(std::span(values, 1)).deviation.has_value()) << "one run says nothing of chance";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("no values"), [] { (void)spread_of({}); });
}

TEST(SeriesScores, GivesKFoldsBothWays) {
  // Fold 1: 3 of 4 Happy, 1 of 2 Sad: WAR 4/6, UAR 0.625. Fold 2: 1 of 1 Happy, 0 of 3 Sad: WAR 1/4, UAR 1/2.
  const SeriesResult results[] = {{0, 1, fold_of("a", {3, 1}, {1, 1})}, {0, 2, fold_of("b", {1, 0}, {0, 3})}};
  const SeriesScores scores = series_scores(results);
  EXPECT_NEAR(scores.averaged.war.mean, (4.0 / 6.0 + 1.0 / 4.0) / 2, 1e-12);
  EXPECT_NEAR(scores.averaged.uar.mean, 0.5625, 1e-12);
  EXPECT_NEAR(scores.pooled.war.mean, 0.5, 1e-12);
  EXPECT_NEAR(scores.pooled.uar.mean, (4.0 / 5.0 + 1.0 / 5.0) / 2, 1e-12);
  EXPECT_FALSE(scores.pooled.war.deviation.has_value()) << "one seed";
  EXPECT_NEAR(scores.runs.war.deviation.value(), (4.0 / 6.0 - 1.0 / 4.0) / std::sqrt(2.0), 1e-12);
}

TEST(SeriesScores, TakesTheDeviationOverSeedsOfEachSeedsFolds) {
  std::vector<SeriesResult> results;
  for (int seed = 1; seed <= 3; ++seed) {
    results.push_back({seed, 1, fold_of("a", {seed, 1}, {4 - seed, 1})});
    results.push_back({seed, 2, fold_of("b", {1, seed}, {1, 4 - seed})});
  }
  const SeriesScores scores = series_scores(results);
  // A seed's pooled WAR is (2 seed + 2) / 12: 4/12, 6/12, 8/12.
  EXPECT_NEAR(scores.pooled.war.mean, 0.5, 1e-12);
  EXPECT_NEAR(scores.pooled.war.deviation.value(), 1.0 / 6.0, 1e-12);
  EXPECT_NEAR(scores.averaged.war.mean, scores.runs.war.mean, 1e-12);
}

TEST(SeriesScores, AreTheSameAllWaysWithoutFolds) {
  const SeriesResult results[] = {{1, 0, fold_of("a", {3, 1}, {1, 1})}, {2, 0, fold_of("a", {2, 2}, {2, 0})}};
  const SeriesScores scores = series_scores(results);
  EXPECT_EQ(scores.pooled.uar.mean, scores.averaged.uar.mean);
  EXPECT_EQ(scores.pooled.uar.deviation, scores.runs.uar.deviation);
}

TEST(PooledFolds, RefuseAClipOfTwoFoldsAndOtherClasses) {
  const Results folds[] = {fold_of("a", {1, 1}, {0, 0}), fold_of("a", {1, 1}, {0, 0})};
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("my folds"),
                     [&] { (void)pooled_folds(folds, "my folds"); });
  Results other = fold_of("b", {1, 1}, {0, 0});
  other.classes = {"Sad", "Happy"};
  const Results mixed[] = {folds[0], other};
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("classes"), [&] { (void)pooled_folds(mixed, "x"); });
}

}  // namespace
}  // namespace ferv::evaluation
