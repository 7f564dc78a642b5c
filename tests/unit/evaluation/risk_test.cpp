// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/risk.h"

#include <cmath>

#include "matchers.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using testing::HasSubstr;

/// Two classes; clips in order of confidence 0.9, 0.8, 0.7, 0.7, 0.6: right, wrong, right, wrong, right.
Results five_clips() {
  Results results{{"A", "B"}, {}, {}};
  const std::vector<std::pair<double, bool>> clips = {
      {0.7, true}, {0.9, true}, {0.6, true}, {0.8, false}, {0.7, false}};
  for (std::size_t i = 0; i < clips.size(); ++i)
    results.rows.push_back(
        {std::to_string(i), clips[i].second ? 0 : 1, 0, {clips[i].first, 1 - clips[i].first}});
  return results;
}

TEST(RiskCurve, HasAPointADistinctConfidence) {
  const RiskCurve curve = risk_curve(five_clips());
  ASSERT_EQ(curve.points.size(), 4U);
  EXPECT_DOUBLE_EQ(curve.points[0].risk, 0);
  EXPECT_DOUBLE_EQ(curve.points[1].risk, 0.5);
  EXPECT_DOUBLE_EQ(curve.points[2].risk, 0.5);
  EXPECT_EQ(curve.points[2].answered_count, 4) << "clips of one confidence are answered together";
  EXPECT_DOUBLE_EQ(curve.points[3].risk, 0.4);
  EXPECT_DOUBLE_EQ(curve.points[3].coverage, 1);
  EXPECT_DOUBLE_EQ(curve.area, (0 + 0.5 + 2 * 0.5 + 0.4) / 5);
}

TEST(RiskCurve, DoesNotDependOnTheOrderOfRowsAndEndsAtOneMinusWar) {
  Results results = test::sample_results({"War", "School"});
  const RiskCurve curve = risk_curve(results);
  std::reverse(results.rows.begin(), results.rows.end());
  EXPECT_DOUBLE_EQ(risk_curve(results).area, curve.area);
  EXPECT_NEAR(curve.points.back().risk, 1 - war(confusion_matrix(results)), 1e-12);
}

TEST(PointAtCoverage, AnswersNoMoreThanAskedFor) {
  const RiskCurve curve = risk_curve(five_clips());
  EXPECT_EQ(point_at_coverage(curve, 1.0).answered_count, 5);
  EXPECT_EQ(point_at_coverage(curve, 0.8).answered_count, 4);
  EXPECT_EQ(point_at_coverage(curve, 0.6).answered_count, 2);
  EXPECT_EQ(point_at_coverage(curve, 0.01).answered_count, 1) << "the surest, where none is few enough";
}

TEST(ThresholdAtRisk, IsTheSmallestThatKeepsTheRisk) {
  const RiskCurve curve = risk_curve(five_clips());
  EXPECT_DOUBLE_EQ(threshold_at_risk(curve, 0.4), 0.6) << "all clips together";
  EXPECT_DOUBLE_EQ(threshold_at_risk(curve, 0.3), 0.9);
  EXPECT_DOUBLE_EQ(threshold_at_risk(curve, 1.0), 0.6);
  const Results results = test::sample_results({"War", "School"});
  const double threshold = threshold_at_risk(risk_curve(results), 0.5);
  EXPECT_LE(1 - war(confusion_matrix(answered(results, threshold))), 0.5);
}

TEST(ThresholdAtRisk, IsThatOfTheSurestWhereNoneIsSafe) {
  Results results = five_clips();
  results.rows[1].label = 1;
  EXPECT_DOUBLE_EQ(threshold_at_risk(risk_curve(results), 0.1), 0.9);
}

TEST(Answered, LeavesOutWhatIsUncertain) {
  EXPECT_EQ(answered(five_clips(), 0.7).rows.size(), 4U);
  EXPECT_EQ(answered(five_clips(), 0.95).rows.size(), 0U);
  Results results = five_clips();
  results.rows[1].probabilities.clear();
  EXPECT_EQ(answered(results, 0.0).rows.size(), 4U) << "without probabilities there is no answer to stand by";
}

TEST(RiskCurve, NeedsProbabilities) {
  Results results{{"A", "B"}, {{"x", 0, 0, {}}}, {}};
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("no probabilities"),
                     [&] { (void)risk_curve(results); });
}

}  // namespace
}  // namespace ferv::evaluation
