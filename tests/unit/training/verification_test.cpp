// SPDX-License-Identifier: Apache-2.0
#include "verification.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::training {
namespace {

std::vector<std::int64_t> labels_of(int identities, int pictures) {
  std::vector<std::int64_t> labels;
  for (int i = 0; i < identities * pictures; ++i) labels.push_back(i % identities);
  return labels;
}

struct Scored {
  std::vector<FacePair> pairs;
  std::vector<double> scores;
};

/// Scores with many ties, higher by `lift` for the same person.
Scored scored(double lift, std::uint64_t seed) {
  Scored result;
  result.pairs = make_face_pairs(labels_of(12, 4), 120, seed);
  Random random(seed);
  for (const FacePair& pair : result.pairs)
    result.scores.push_back(static_cast<double>(random.below(20)) / 20 + (pair.is_same ? lift : 0));
  return result;
}

double accuracy_of(const Scored& data, double threshold, int fold, bool is_fold) {
  double right = 0;
  double total = 0;
  for (std::size_t i = 0; i < data.pairs.size(); ++i) {
    if ((data.pairs[i].fold == fold) != is_fold) continue;
    right += (data.scores[i] >= threshold) == data.pairs[i].is_same ? 1 : 0;
    total += 1;
  }
  return right / total;
}

/// Tries every threshold there is.
double brute_force_threshold(const Scored& data, int fold) {
  std::set<double> values;
  for (std::size_t i = 0; i < data.pairs.size(); ++i) {
    if (data.pairs[i].fold != fold) values.insert(data.scores[i]);
  }
  std::vector<double> candidates = {-std::numeric_limits<double>::infinity()};
  for (auto value = values.begin(); std::next(value) != values.end(); ++value)
    candidates.push_back((*value + *std::next(value)) / 2);
  candidates.push_back(std::numeric_limits<double>::infinity());
  double best = candidates[0];
  for (const double candidate : candidates) {
    if (accuracy_of(data, candidate, fold, false) > accuracy_of(data, best, fold, false)) best = candidate;
  }
  return best;
}

TEST(Verification, AgreesWithBruteForce) {
  for (const double lift : {0.0, 0.3, 0.7, 2.0}) {
    const Scored data = scored(lift, 4);
    const VerificationFigures figures = verification_figures(data.scores, data.pairs);
    const int folds = data.pairs.back().fold + 1;
    double accuracy = 0;
    for (int fold = 0; fold < folds; ++fold) {
      const double threshold = brute_force_threshold(data, fold);
      EXPECT_EQ(best_threshold(data.scores, data.pairs, fold), threshold);
      accuracy += accuracy_of(data, threshold, fold, true) / folds;
    }
    EXPECT_NEAR(figures.accuracy, accuracy, 1e-12);
    EXPECT_LE(figures.low, figures.accuracy);
    EXPECT_GE(figures.high, figures.accuracy);
    double wins = 0;
    double count = 0;
    for (std::size_t i = 0; i < data.pairs.size(); ++i) {
      for (std::size_t k = 0; k < data.pairs.size(); ++k) {
        if (!data.pairs[i].is_same || data.pairs[k].is_same) continue;
        count += 1;
        if (data.scores[i] > data.scores[k]) wins += 1;
        if (data.scores[i] == data.scores[k]) wins += 0.5;
      }
    }
    EXPECT_NEAR(figures.area_under_roc, wins / count, 1e-12);
  }
}

TEST(Verification, IsPerfectForScoresThatPartThePairs) {
  const Scored data = scored(2.0, 1);
  const VerificationFigures figures = verification_figures(data.scores, data.pairs);
  EXPECT_DOUBLE_EQ(figures.accuracy, 1.0);
  EXPECT_DOUBLE_EQ(figures.area_under_roc, 1.0);
}

TEST(MakeFacePairs, AreBalancedDistinctAndShareNoPersonBetweenFolds) {
  const auto labels = labels_of(23, 5);
  const auto pairs = make_face_pairs(labels, 400, 2);
  std::map<int, int> balance;
  std::set<std::pair<std::size_t, std::size_t>> seen;
  std::map<std::int64_t, int> fold_of;
  for (const FacePair& pair : pairs) {
    EXPECT_EQ(labels[pair.first] == labels[pair.second], pair.is_same);
    EXPECT_NE(pair.first, pair.second);
    EXPECT_TRUE(seen.insert({pair.first, pair.second}).second);
    balance[pair.fold] += pair.is_same ? 1 : -1;
    for (const std::size_t face : {pair.first, pair.second})
      EXPECT_EQ(fold_of.try_emplace(labels[face], pair.fold).first->second, pair.fold);
  }
  EXPECT_EQ(balance.size(), 10U);
  for (const auto& [fold, difference] : balance) EXPECT_EQ(difference, 0) << fold;
}

TEST(MakeFacePairs, RefusesTooFewPeople) {
  test::expect_error(ErrorKind::kCorruptData, testing::HasSubstr("wanted four or more"),
                     [] { (void)make_face_pairs(labels_of(3, 5), 10, 0); });
}

}  // namespace
}  // namespace ferv::training
