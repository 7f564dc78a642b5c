// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/metrics.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "ferv/base/files.h"
#include "ferv/evaluation/published.h"
#include "matchers.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using testing::HasSubstr;

/// Results whose labels and predictions are digits, one a clip.
Results results_of_digits(std::size_t class_count, const std::string& truth, const std::string& predicted) {
  Results results;
  for (std::size_t k = 0; k < class_count; ++k) results.classes.push_back(std::to_string(k));
  for (std::size_t i = 0; i < truth.size(); ++i)
    results.rows.push_back({std::to_string(i), truth[i] - '0', predicted[i] - '0', {}});
  return results;
}

/// A diagonal of right answers; all else of a class goes to the next class.
ConfusionMatrix from_right_answers(const std::vector<std::int64_t>& right,
                                   const std::vector<std::int64_t>& sizes) {
  ConfusionMatrix matrix;
  matrix.counts.assign(right.size(), std::vector<std::int64_t>(right.size(), 0));
  for (std::size_t k = 0; k < right.size(); ++k) {
    matrix.counts[k][k] = right[k];
    matrix.counts[k][(k + 1) % right.size()] = sizes[k] - right[k];
  }
  return matrix;
}

double rounded_percent(double share) {
  return std::round(share * 1e4) / 100;
}

TEST(Metrics, GiveWhatMaeDferPrintsForItsConfusionMatrix) {
  const ConfusionMatrix matrix = test::mae_dfer_on_ferv39k();
  EXPECT_EQ(matrix.total(), 7847);
  EXPECT_DOUBLE_EQ(rounded_percent(war(matrix)), 52.07);
  EXPECT_DOUBLE_EQ(rounded_percent(uar(matrix)), 43.12);
  EXPECT_NEAR(weighted_f1(matrix), 0.5110, 5e-5);
  EXPECT_NEAR(macro_f1(matrix), 0.4366, 5e-5);
}

TEST(Metrics, GiveThePublishedRowsFromTheirRightAnswersPerClass) {
  // Per-class recalls as printed by SVFAP (Table 9), times the sizes of the test split. Its UAR of
  // VGG13-LSTM, 32.42, is a mean of rounded recalls; the paper's own is 32.41.
  const std::vector<std::int64_t> sizes = {1473, 1393, 1958, 1487, 638, 467, 431};
  const std::map<std::string, std::vector<std::int64_t>> right_answers = {
      {"c3d", {710, 495, 1032, 204, 22, 23, 1}},
      {"r3d18", {849, 393, 1167, 495, 30, 1, 13}},
      {"r18_lstm", {912, 445, 1208, 683, 91, 0, 3}},
      {"vgg13_lstm", {976, 714, 1042, 564, 87, 2, 18}},
      {"two_c3d", {808, 737, 1188, 466, 38, 11, 30}},
      {"two_r18_lstm", {869, 639, 1212, 597, 63, 8, 2}},
      {"two_vgg13_lstm", {1026, 659, 1029, 712, 49, 9, 11}}};
  for (const auto& [model, right] : right_answers) {
    SCOPED_TRACE(model);
    const ConfusionMatrix matrix = from_right_answers(right, sizes);
    const PublishedRow* row = published_row(model);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(fmt::format("{:.2f}", 100 * war(matrix)), figure_of(*row, "All")->war);
    EXPECT_EQ(fmt::format("{:.2f}", 100 * uar(matrix)), figure_of(*row, "All")->uar);
    const auto classes = class_metrics(matrix);
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      EXPECT_EQ(classes[k].sample_count, sizes[k]);
      EXPECT_DOUBLE_EQ(classes[k].recall, static_cast<double>(right[k]) / static_cast<double>(sizes[k]));
    }
  }
}

TEST(Metrics, AgreeWithScikitLearn) {
  const auto cases = nlohmann::json::parse(
      read_text_file(std::filesystem::path(FERV_SOURCE_DIR) / "tests/golden/metrics.json"));
  ASSERT_EQ(cases.size(), 10U);
  for (const auto& golden : cases) {
    SCOPED_TRACE(golden.at("truth").get<std::string>());
    const ConfusionMatrix matrix = confusion_matrix(
        results_of_digits(golden.at("classes").get<std::size_t>(), golden.at("truth").get<std::string>(),
                          golden.at("predicted").get<std::string>()));
    EXPECT_EQ(matrix.counts, golden.at("confusion").get<std::vector<std::vector<std::int64_t>>>());
    EXPECT_NEAR(war(matrix), golden.at("war").get<double>(), 1e-12);
    EXPECT_NEAR(uar(matrix), golden.at("uar").get<double>(), 1e-12);
    EXPECT_NEAR(macro_f1(matrix), golden.at("macro_f1").get<double>(), 1e-12);
    EXPECT_NEAR(weighted_f1(matrix), golden.at("weighted_f1").get<double>(), 1e-12);
  }
}

TEST(Metrics, AreTheHandComputedOnesOfASmallMatrix) {
  const ConfusionMatrix matrix{{{3, 1}, {2, 4}}};
  EXPECT_DOUBLE_EQ(war(matrix), 0.7);
  EXPECT_DOUBLE_EQ(uar(matrix), (3.0 / 4 + 4.0 / 6) / 2);
  const auto classes = class_metrics(matrix);
  EXPECT_DOUBLE_EQ(classes[0].precision, 0.6);
  EXPECT_DOUBLE_EQ(classes[0].f1, 6.0 / 9);
  EXPECT_DOUBLE_EQ(classes[1].precision, 0.8);
  EXPECT_DOUBLE_EQ(classes[1].f1, 8.0 / 11);
}

TEST(Metrics, LeaveClassesWithoutSamplesOutOfUar) {
  const ConfusionMatrix matrix{{{3, 1, 0}, {0, 0, 0}, {0, 0, 4}}};
  EXPECT_DOUBLE_EQ(uar(matrix), (0.75 + 1.0) / 2);
  EXPECT_DOUBLE_EQ(class_metrics(matrix)[1].recall, 0.0);
}

TEST(Metrics, AreZeroWithoutSamples) {
  const ConfusionMatrix matrix{{{0, 0}, {0, 0}}};
  EXPECT_EQ(war(matrix), 0.0);
  EXPECT_EQ(uar(matrix), 0.0);
  EXPECT_EQ(macro_f1(matrix), 0.0);
  EXPECT_EQ(weighted_f1(matrix), 0.0);
  EXPECT_EQ(macro_f1(ConfusionMatrix{}), 0.0);
}

TEST(PercentileInterval, InterpolatesAsNumpyDoes) {
  // numpy.percentile([1, 2, 3, 4, 10], [10, 90]) = [1.4, 7.6]
  const Interval interval = percentile_interval({10, 3, 1, 4, 2}, 0.8);
  EXPECT_NEAR(interval.low, 1.4, 1e-12);
  EXPECT_NEAR(interval.high, 7.6, 1e-12);
  EXPECT_EQ(percentile_interval({5}, 0.95).low, 5.0);
}

TEST(PercentileInterval, RefusesNoValuesAndShareOutsideZeroToOne) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("0 values"),
                     [] { (void)percentile_interval({}, 0.95); });
  for (const double confidence : {-0.5, 0.0, 1.0, 1.5, std::nan("")}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("confidence"), [&] {
      (void)percentile_interval({1, 2}, confidence);
    });
  }
}

TEST(Bootstrap, IsTheSameForTheSameSeedAndMovesWithIt) {
  const ConfusionMatrix matrix = test::mae_dfer_on_ferv39k();
  const MetricIntervals first = bootstrap_intervals(matrix, {.resample_count = 200, .seed = 1});
  const MetricIntervals again = bootstrap_intervals(matrix, {.resample_count = 200, .seed = 1});
  const MetricIntervals other = bootstrap_intervals(matrix, {.resample_count = 200, .seed = 2});
  EXPECT_EQ(first.war.low, again.war.low);
  EXPECT_EQ(first.uar.high, again.uar.high);
  EXPECT_NE(first.uar.high, other.uar.high);
}

TEST(Bootstrap, ContainsThePointEstimateAndHasTheWidthOfTheory) {
  const ConfusionMatrix matrix = test::mae_dfer_on_ferv39k();
  const MetricIntervals intervals = bootstrap_intervals(matrix, {.resample_count = 1000, .seed = 4});
  EXPECT_LT(intervals.war.low, war(matrix));
  EXPECT_GT(intervals.war.high, war(matrix));
  EXPECT_LT(intervals.uar.low, uar(matrix));
  EXPECT_GT(intervals.uar.high, uar(matrix));
  // Stratified: the variance of WAR is that of independent binomial classes, of UAR likewise.
  double war_variance = 0;
  double uar_variance = 0;
  for (const ClassMetrics& entry : class_metrics(matrix)) {
    const auto count = static_cast<double>(entry.sample_count);
    war_variance += count * entry.recall * (1 - entry.recall) / (7847.0 * 7847.0);
    uar_variance += entry.recall * (1 - entry.recall) / count / 49;
  }
  const double normal_width = 2 * 1.959964;
  EXPECT_NEAR(intervals.war.high - intervals.war.low, normal_width * std::sqrt(war_variance), 0.0015);
  EXPECT_NEAR(intervals.uar.high - intervals.uar.low, normal_width * std::sqrt(uar_variance), 0.0022);
}

TEST(Bootstrap, NarrowsWithTheNumberOfClipsAndWidensWithConfidence) {
  const auto width = [](int share, double confidence) {
    const MetricIntervals intervals = bootstrap_intervals(test::shrunk(test::mae_dfer_on_ferv39k(), share),
                                                          {.resample_count = 400, .confidence = confidence});
    return intervals.war.high - intervals.war.low;
  };
  EXPECT_GT(width(4, 0.95), 1.6 * width(1, 0.95));
  EXPECT_LT(width(4, 0.95), 2.5 * width(1, 0.95));
  EXPECT_GT(width(1, 0.99), width(1, 0.90));
}

TEST(Bootstrap, HasNoWidthWhereAllIsRightOrWrong) {
  const MetricIntervals right = bootstrap_intervals({{{5, 0}, {0, 3}}}, {});
  EXPECT_EQ(right.war.low, 1.0);
  EXPECT_EQ(right.uar.high, 1.0);
  const MetricIntervals wrong = bootstrap_intervals({{{0, 5}, {3, 0}}}, {});
  EXPECT_EQ(wrong.war.high, 0.0);
}

TEST(ScoreIntervals, AgreeWithTheBootstrapOfWarAndUar) {
  const ConfusionMatrix matrix = test::mae_dfer_on_ferv39k();
  const ScoreIntervals all = score_intervals(matrix, {.resample_count = 1000, .seed = 6});
  const MetricIntervals two = bootstrap_intervals(matrix, {.resample_count = 1000, .seed = 7});
  EXPECT_NEAR(all.war.low, two.war.low, 0.0015);
  EXPECT_NEAR(all.war.high, two.war.high, 0.0015);
  EXPECT_NEAR(all.uar.low, two.uar.low, 0.002);
  EXPECT_NEAR(all.uar.high, two.uar.high, 0.002);
  EXPECT_LT(all.macro_f1.low, macro_f1(matrix));
  EXPECT_GT(all.macro_f1.high, macro_f1(matrix));
  EXPECT_NEAR(all.weighted_f1.high - all.weighted_f1.low, all.war.high - all.war.low, 0.004);
  const auto classes = class_metrics(matrix);
  ASSERT_EQ(all.recalls.size(), 7U);
  for (std::size_t k = 0; k < 7; ++k) {
    // The width of a binomial share.
    const double deviation =
        std::sqrt(classes[k].recall * (1 - classes[k].recall) / static_cast<double>(classes[k].sample_count));
    EXPECT_NEAR(all.recalls[k].high - all.recalls[k].low, 2 * 1.96 * deviation, 0.01) << k;
  }
}

TEST(ScoreIntervals, AreSeededAndHaveNoWidthWithoutDoubt) {
  const ConfusionMatrix matrix = test::shrunk(test::mae_dfer_on_ferv39k(), 8);
  const auto low = [&](std::uint64_t seed) {
    return score_intervals(matrix, {.resample_count = 100, .seed = seed}).macro_f1.low;
  };
  EXPECT_EQ(low(1), low(1));
  EXPECT_NE(low(1), low(2));
  const ScoreIntervals sure = score_intervals({{{0, 5, 0}, {0, 3, 0}, {0, 0, 0}}}, {.resample_count = 50});
  EXPECT_EQ(sure.war.low, 3.0 / 8);
  EXPECT_EQ(sure.war.high, 3.0 / 8);
  EXPECT_EQ(sure.recalls[2].high, 0.0);
  EXPECT_EQ(score_intervals({{{0, 0}, {0, 0}}}, {}).recalls.size(), 2U);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("found 1"),
                     [&] { (void)score_intervals(matrix, {.resample_count = 1}); });
}

TEST(Bootstrap, RefusesSenselessOptions) {
  const ConfusionMatrix matrix = test::mae_dfer_on_ferv39k();
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("found 1"),
                     [&] { (void)bootstrap_intervals(matrix, {.resample_count = 1}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("confidence"),
                     [&] { (void)bootstrap_intervals(matrix, {.confidence = 1.0}); });
}

}  // namespace
}  // namespace ferv::evaluation
