// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/ranking.h"

#include <cmath>

#include "matchers.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::vector<double>> kScores = {
    {0.81, 0.81, 0.52, 0.29}, {0.05, 0.38, 0.41, 0.05}, {0.05, 0.05, 0.65, 0.23}, {0.43, 0.97, 0.9, 0.84},
    {0.39, 0.49, 0.68, 0.06}, {0.56, 0.27, 0.88, 0.06}, {0.68, 0.87, 0.23, 0.9},  {0.87, 0.02, 0.71, 0.0}};

TEST(Friedman, IsWhatScipyGivesTiesAmongThem) {
  // scipy.stats.friedmanchisquare and rankdata on kScores.
  const Friedman result = friedman(kScores);
  EXPECT_THAT(result.mean_ranks, ElementsAre(2.6875, 2.25, 1.875, 3.1875));
  EXPECT_NEAR(result.statistic, 4.7922077922077895, 1e-10);
  EXPECT_NEAR(result.p, 0.1876605546001405, 1e-10);
}

TEST(Friedman, SeesNothingWhereAllTieAndMuchWhereOneAlwaysWins) {
  EXPECT_EQ(friedman({{1, 1}, {2, 2}}).p, 1.0);
  std::vector<std::vector<double>> scores(22, {0.3, 0.2, 0.1});
  EXPECT_NEAR(friedman(scores).statistic, 44, 1e-9);
  EXPECT_NEAR(friedman(scores).p, std::exp(-22.0), 1e-18) << "chi squared of two degrees of freedom";
}

TEST(Friedman, RefusesTooLittle) {
  for (const auto& scores :
       std::vector<std::vector<std::vector<double>>>{{}, {{1, 2}}, {{1}, {2}}, {{1, 2}, {1}}})
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted"), [&] { (void)friedman(scores); });
}

TEST(CriticalDifference, HasDemsarsConstants) {
  // scipy.stats.studentized_range.ppf(0.95, k, inf) / sqrt(2), and Demsar 2006, table 5.
  const std::vector<std::pair<std::size_t, double>> constants = {
      {2, 1.95996398}, {3, 2.34370059}, {4, 2.56903177}, {5, 2.72777437}, {10, 3.16368358}};
  for (const auto& [models, q] : constants) {
    const auto k = static_cast<double>(models);
    EXPECT_NEAR(critical_difference(models, 22, 0.05), q * std::sqrt(k * (k + 1) / (6 * 22)), 1e-6);
  }
  EXPECT_GT(critical_difference(4, 22, 0.01), critical_difference(4, 22, 0.1));
  EXPECT_LT(critical_difference(4, 22, 0.05), critical_difference(4, 4, 0.05));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("1 models"),
                     [] { (void)critical_difference(1, 22, 0.05); });
}

TEST(Wilcoxon, IsExact) {
  const std::vector<double> differences = {1.5, -0.3, 2.2, 0.7, -0.9, 3.1, 1.1, -0.2, 0.4};
  EXPECT_NEAR(wilcoxon_p(differences), 0.09765625, 1e-12) << "scipy.stats.wilcoxon, exact";
  std::vector<double> with_zeros = differences;
  with_zeros.insert(with_zeros.begin() + 2, {0.0, 0.0});
  EXPECT_NEAR(wilcoxon_p(with_zeros), 0.09765625, 1e-12);
  EXPECT_EQ(wilcoxon_p(std::vector<double>{0, 0}), 1.0);
  EXPECT_NEAR(wilcoxon_p(std::vector<double>{1, 1, 1}), 0.25, 1e-12) << "ties: 2 of 8 sign patterns";
  EXPECT_NEAR(wilcoxon_p(std::vector<double>(22, 0.1)), std::ldexp(1.0, -21), 1e-15);
}

TEST(Holm, AdjustsForLookingOften) {
  const std::vector<double> p_values = {0.04, 0.01, 0.03, 0.5};
  EXPECT_THAT(holm(p_values), ElementsAre(DoubleEq(0.09), DoubleEq(0.04), DoubleEq(0.09), DoubleEq(0.5)));
  EXPECT_THAT(holm({}), testing::IsEmpty());
}

TEST(RankOverScenes, PutsTheModelThatIsAlwaysRightFirst) {
  const std::vector<std::string> scenes = {"Action", "Crime", "School", "War"};
  const Results real = test::sample_results(scenes);
  Results perfect = real;
  Results hopeless = real;
  for (ResultRow& row : perfect.rows) row.predicted = row.label;
  for (ResultRow& row : hopeless.rows) row.predicted = (row.label + 1) % 7;
  const Ranking ranking = rank_over_scenes(std::vector<Results>{hopeless, perfect, real}, 0.05);
  EXPECT_EQ(ranking.scenes, scenes);
  EXPECT_THAT(ranking.friedman.mean_ranks, ElementsAre(3, 1, 2));
  ASSERT_EQ(ranking.pairs.size(), 3U);
  EXPECT_NEAR(ranking.pairs[0].wilcoxon_p, 0.125, 1e-12) << "four scenes cannot say more";
  EXPECT_NEAR(ranking.pairs[0].holm_p, 0.375, 1e-12);
}

TEST(RankOverScenes, RefusesOtherClips) {
  const Results a = test::sample_results({"War", "Crime"});
  const Results b = test::sample_results({"War", "School"});
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("first file alone"), [&] {
    (void)rank_over_scenes(std::vector<Results>{a, b}, 0.05);
  });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("1 models"),
                     [&] { (void)rank_over_scenes(std::vector<Results>{a}, 0.05); });
  const Results one = test::sample_results({"War"});
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("1 blocks"), [&] {
    (void)rank_over_scenes(std::vector<Results>{one, one}, 0.05);
  });
}

}  // namespace
}  // namespace ferv::evaluation
