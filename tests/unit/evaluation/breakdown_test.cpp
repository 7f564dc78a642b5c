// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/breakdown.h"

#include <algorithm>
#include <cmath>

#include "ferv/data/labels.h"
#include "matchers.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const BootstrapOptions kFewResamples{.resample_count = 200, .confidence = 0.95, .seed = 0};

/// A clip of two classes with the given probability of the first.
ResultRow clip_with(double probability, bool is_right) {
  const int predicted = probability >= 0.5 ? 0 : 1;
  return {"c" + std::to_string(probability) + (is_right ? "r" : "w"),
          is_right ? predicted : 1 - predicted,
          predicted,
          {probability, 1 - probability}};
}

/// Clips of class Happy: both right, A alone, B alone, both wrong; and one of class Sad that both get right.
std::pair<Results, Results> pair_of_results(int both, int only_a, int only_b, int none) {
  Results a;
  a.classes = {"Happy", "Sad"};
  Results b = a;
  const auto add = [&](int count, int said_by_a, int said_by_b) {
    for (int i = 0; i < count; ++i) {
      const std::string clip = "War/Happy/" + std::to_string(a.rows.size());
      a.rows.push_back({clip, 0, said_by_a, {}});
      b.rows.push_back({clip, 0, said_by_b, {}});
    }
  };
  add(both, 0, 0);
  add(only_a, 0, 1);
  add(only_b, 1, 0);
  add(none, 1, 1);
  a.rows.push_back({"War/Sad/0", 1, 1, {}});
  b.rows.push_back({"War/Sad/0", 1, 1, {}});
  return {a, b};
}

TEST(ScoresBy, GivesAScoreASceneInAlphabeticalOrder) {
  Results results;
  results.classes = {"Happy", "Sad"};
  results.rows = {{"War/Happy/0000", 0, 0, {}},
                  {"Action/Happy/0000", 0, 1, {}},
                  {"War/Happy/0001", 0, 0, {}},
                  {"War/Sad/0000", 1, 0, {}}};
  const auto scores = scores_by(results, Grouping::kScene, kFewResamples);
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[0].name, "Action");
  EXPECT_EQ(scores[0].clip_count, 1);
  EXPECT_EQ(scores[0].war, 0.0);
  EXPECT_EQ(scores[1].name, "War");
  EXPECT_EQ(scores[1].clip_count, 3);
  EXPECT_DOUBLE_EQ(scores[1].war, 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores[1].uar, 0.5);
}

TEST(ScoresBy, PutsEveryKnownSceneIntoItsScenarioInThePapersOrder) {
  const auto names = data::scene_names();
  Results results = test::sample_results({names.begin(), names.end()});
  const auto scores = scores_by(results, Grouping::kScenario, kFewResamples);
  ASSERT_EQ(scores.size(), 4U);
  std::int64_t total = 0;
  double right = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const data::Scenario& scenario = data::scenarios()[i];
    EXPECT_EQ(scores[i].name, scenario.short_name);
    EXPECT_EQ(scores[i].clip_count, static_cast<std::int64_t>(14 * scenario.scenes.size()));
    EXPECT_LE(scores[i].intervals.war.low, scores[i].war);
    EXPECT_GE(scores[i].intervals.war.high, scores[i].war);
    total += scores[i].clip_count;
    right += scores[i].war * static_cast<double>(scores[i].clip_count);
  }
  EXPECT_EQ(total, static_cast<std::int64_t>(results.rows.size()));
  EXPECT_NEAR(right / static_cast<double>(total), war(confusion_matrix(results)), 1e-12);
}

TEST(ScoresBy, CollectsUnknownScenesLast) {
  const auto scores =
      scores_by(test::sample_results({"Aquarium", "War", "Zoo"}), Grouping::kScenario, kFewResamples);
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[0].name, "AI9k");
  EXPECT_EQ(scores[1].name, "other");
  EXPECT_EQ(scores[1].clip_count, 28);
}

TEST(ScoresBy, RefusesAClipWithoutScene) {
  Results results = test::sample_results({"War"});
  results.rows[3].clip = "clip7";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("'clip7' names no scene"),
                     [&] { (void)scores_by(results, Grouping::kScene, kFewResamples); });
}

TEST(Calibration, IsTheHandComputedErrorOfTwoBins) {
  Results results;
  results.classes = {"Happy", "Sad"};
  // Confidence 0.7 twice, one right: |0.5 - 0.7|. Confidence 0.9 three times, all right: |1 - 0.9|.
  results.rows = {clip_with(0.7, true), clip_with(0.7, false), clip_with(0.9, true), clip_with(0.9, true),
                  clip_with(0.9, true)};
  const Calibration result = calibration(results, 10);
  ASSERT_EQ(result.bins.size(), 10U);
  EXPECT_NEAR(result.expected_error, (2 * 0.2 + 3 * 0.1) / 5, 1e-12);
  EXPECT_EQ(result.bins[7].clip_count, 2);
  EXPECT_NEAR(result.bins[7].mean_confidence, 0.7, 1e-12);
  EXPECT_DOUBLE_EQ(result.bins[7].accuracy, 0.5);
  EXPECT_EQ(result.bins[9].clip_count, 3);
  EXPECT_EQ(result.bins[0].clip_count, 0);
}

TEST(Calibration, IsZeroForASureModelThatIsRightAndOneForOneThatIsWrong) {
  Results results;
  results.classes = {"Happy", "Sad"};
  results.rows = {clip_with(1.0, true), clip_with(0.0, true)};
  EXPECT_EQ(calibration(results).expected_error, 0.0);
  EXPECT_EQ(calibration(results).bins.back().clip_count, 2);
  results.rows = {clip_with(1.0, false), clip_with(0.0, false)};
  EXPECT_EQ(calibration(results).expected_error, 1.0);
}

TEST(Calibration, WithOneBinIsTheGapBetweenMeanConfidenceAndAccuracy) {
  const Results results = test::sample_results({"War", "School"});
  EXPECT_NEAR(calibration(results, 1).expected_error, std::abs(0.7 - war(confusion_matrix(results))), 1e-12);
}

TEST(Calibration, CountsOnlyClipsWithProbabilitiesAndRefusesNone) {
  Results results;
  results.classes = {"Happy", "Sad"};
  results.rows = {clip_with(0.75, false), {"x", 0, 0, {}}};
  EXPECT_NEAR(calibration(results).expected_error, 0.75, 1e-12);
  results.rows.erase(results.rows.begin());
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("no probabilities"),
                     [&] { (void)calibration(results); });
}

TEST(Calibration, RefusesFewerThanOneBin) {
  for (const int bins : {0, -3}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("bin"),
                       [&] { (void)calibration(test::sample_results({"War"}), bins); });
  }
}

TEST(Compare, CountsWhoAloneIsRightAndTestsItExactly) {
  const auto [a, b] = pair_of_results(10, 1, 5, 3);
  const Comparison result = compare(a, b, kFewResamples);
  EXPECT_EQ(result.clip_count, 20);
  EXPECT_EQ(result.only_a_right, 1);
  EXPECT_EQ(result.only_b_right, 5);
  EXPECT_NEAR(result.war_difference, 4.0 / 20, 1e-12);
  EXPECT_NEAR(result.uar_difference, (4.0 / 19) / 2, 1e-12);
  // 2 (C(6,0) + C(6,1)) / 2^6
  EXPECT_NEAR(result.mcnemar_p, 14.0 / 64, 1e-12);
  EXPECT_LE(result.intervals.war.low, result.war_difference);
  EXPECT_GE(result.intervals.war.high, result.war_difference);
}

TEST(Compare, HasTheBinomialTestsOfSmallCounts) {
  const auto p = [](int only_a, int only_b) {
    const auto [a, b] = pair_of_results(2, only_a, only_b, 0);
    return compare(a, b, kFewResamples).mcnemar_p;
  };
  EXPECT_DOUBLE_EQ(p(0, 0), 1.0);
  EXPECT_DOUBLE_EQ(p(4, 4), 1.0);
  EXPECT_NEAR(p(0, 1), 1.0, 1e-12);
  EXPECT_NEAR(p(0, 10), 2.0 / 1024, 1e-12);
  EXPECT_NEAR(p(2, 8), 2.0 * (1 + 10 + 45) / 1024, 1e-12);
  // scipy.stats.binomtest(400, 900).pvalue
  EXPECT_NEAR(p(400, 500), 0.000956444137, 1e-11);
}

TEST(Compare, TurnsItsSignsWhenTheFilesAreSwapped) {
  const auto [a, b] = pair_of_results(30, 4, 12, 9);
  const Comparison forth = compare(a, b, kFewResamples);
  const Comparison back = compare(b, a, kFewResamples);
  EXPECT_DOUBLE_EQ(forth.war_difference, -back.war_difference);
  EXPECT_DOUBLE_EQ(forth.uar_difference, -back.uar_difference);
  EXPECT_DOUBLE_EQ(forth.mcnemar_p, back.mcnemar_p);
  EXPECT_NEAR(forth.intervals.war.low, -back.intervals.war.high, 1e-12);
}

TEST(Compare, FindsNothingBetweenAFileAndItself) {
  const Results results = test::sample_results({"War", "School"});
  const Comparison result = compare(results, results, kFewResamples);
  EXPECT_EQ(result.war_difference, 0.0);
  EXPECT_EQ(result.intervals.war.low, 0.0);
  EXPECT_EQ(result.intervals.uar.high, 0.0);
  EXPECT_EQ(result.mcnemar_p, 1.0);
  EXPECT_TRUE(result.changed.empty());
}

TEST(Compare, PairsClipsByNameNotByPlaceAndListsTheChangedOnes) {
  auto [a, b] = pair_of_results(2, 1, 1, 1);
  std::reverse(b.rows.begin(), b.rows.end());
  const Comparison result = compare(a, b, kFewResamples);
  EXPECT_THAT(result.changed, ElementsAre("War/Happy/2: Happy -> Sad, label Happy",
                                          "War/Happy/3: Sad -> Happy, label Happy"));
}

TEST(Compare, RefusesFilesOfOtherClipsLabelsOrClasses) {
  const auto [a, b] = pair_of_results(3, 1, 1, 0);
  const auto refused = [&, &first = a](Results other, const char* why) {
    test::expect_error(ErrorKind::kIncompatible, HasSubstr(why),
                       [&] { (void)compare(first, other, kFewResamples); });
  };
  Results other = b;
  other.rows.pop_back();
  refused(other, "6 and 5 clips");
  other = b;
  other.rows[1].clip = "War/Happy/foreign";
  refused(other, "'War/Happy/1' is in the first file alone");
  other = b;
  other.rows[2].label = 1;
  refused(other, "'War/Happy/2' has another label");
  other = b;
  other.classes = {"Sad", "Happy"};
  refused(other, "different classes");
}

TEST(Compare, RefusesSenselessOptions) {
  const auto [a, b] = pair_of_results(3, 1, 1, 0);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("0 values"),
                     [&, &first = a, &second = b] { (void)compare(first, second, {.resample_count = 0}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("confidence"),
                     [&, &first = a, &second = b] { (void)compare(first, second, {.confidence = 2}); });
}

TEST(CompareParts, AddUpToTheWhole) {
  const Results a = test::sample_results({"War", "School"});
  Results b = a;
  for (ResultRow& row : b.rows) {
    if (row.clip.starts_with("War")) row.predicted = row.label;
  }
  const Comparison whole = compare(a, b, kFewResamples);
  for (const Part part : {Part::kClass, Part::kScene}) {
    const auto parts = compare_parts(a, b, part, kFewResamples);
    EXPECT_EQ(parts.size(), part == Part::kClass ? 7U : 2U);
    std::int64_t clips = 0;
    std::int64_t only_b_right = 0;
    for (const PartComparison& one : parts) {
      clips += one.comparison.clip_count;
      only_b_right += one.comparison.only_b_right;
      EXPECT_GE(one.holm_p, one.comparison.mcnemar_p);
      EXPECT_LE(one.holm_p, 1.0);
    }
    EXPECT_EQ(clips, whole.clip_count);
    EXPECT_EQ(only_b_right, whole.only_b_right);
  }
  const auto scenes = compare_parts(a, b, Part::kScene, kFewResamples);
  EXPECT_EQ(scenes[0].name, "School");
  EXPECT_EQ(scenes[0].comparison.war_difference, 0.0);
  EXPECT_GT(scenes[1].comparison.war_difference, 0.0);
}

}  // namespace
}  // namespace ferv::evaluation
