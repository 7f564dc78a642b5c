// SPDX-License-Identifier: Apache-2.0
#include "verification.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/random.h"

namespace ferv::training {
namespace {

constexpr std::size_t kFoldsMax = 10;
constexpr std::size_t kDrawsAPair = 20;

using Identity = std::vector<std::size_t>;  ///< positions of one person's faces
using PairSet = std::set<std::pair<std::size_t, std::size_t>>;

std::vector<Identity> identities_of(const std::vector<std::int64_t>& labels) {
  std::map<std::int64_t, Identity> by_label;
  for (std::size_t i = 0; i < labels.size(); ++i) by_label[labels[i]].push_back(i);
  std::vector<Identity> identities;
  for (auto& [label, positions] : by_label) identities.push_back(std::move(positions));
  return identities;
}

/// Up to `count` pairs by `draw`, which gives two positions; drawing stops when new ones hardly come any
/// more.
template <typename Draw>
PairSet draw_pairs(std::size_t count, Draw&& draw) {
  PairSet pairs;
  for (std::size_t i = 0; i < count * kDrawsAPair && pairs.size() < count; ++i) {
    const auto [a, b] = draw();
    if (a != b) pairs.insert(std::minmax(a, b));
  }
  return pairs;
}

/// As many pairs of one kind as of the other, from the people of one fold.
void add_fold(const std::vector<Identity>& people, std::size_t count, Random& random,
              std::vector<FacePair>& pairs) {
  const int fold = pairs.empty() ? 0 : pairs.back().fold + 1;
  std::vector<const Identity*> repeated;
  for (const Identity& person : people) {
    if (person.size() > 1) repeated.push_back(&person);
  }
  if (people.size() < 2 || repeated.empty())
    throw corrupt_data("held-out faces", "too few identities with two pictures for pairs");
  const auto one_of = [&](const Identity& person) { return person[random.below(person.size())]; };
  const PairSet same = draw_pairs(count, [&] {
    const Identity& person = *repeated[random.below(repeated.size())];
    return std::pair{one_of(person), one_of(person)};
  });
  const PairSet different = draw_pairs(same.size(), [&] {
    const std::size_t a = random.below(people.size());
    const std::size_t b = (a + 1 + random.below(people.size() - 1)) % people.size();
    return std::pair{one_of(people[a]), one_of(people[b])};
  });
  const std::size_t kept = std::min(same.size(), different.size());
  const auto add = [&](const PairSet& drawn, bool is_same) {
    auto pair = drawn.begin();
    for (std::size_t i = 0; i < kept; ++i, ++pair)
      pairs.push_back({pair->first, pair->second, is_same, fold});
  };
  add(same, true);
  add(different, false);
}

/// Area under the ROC curve: how often a pair of one person scores above a pair of two, ties counted half.
double area_under_roc(const std::vector<double>& scores, const std::vector<FacePair>& pairs) {
  std::vector<std::pair<double, bool>> sorted;
  for (std::size_t i = 0; i < pairs.size(); ++i) sorted.emplace_back(scores[i], pairs[i].is_same);
  std::sort(sorted.begin(), sorted.end());
  double below = 0;
  double wins = 0;
  double same_count = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    double same = 0;
    double different = 0;
    const double score = sorted[i].first;
    for (; i < sorted.size() && sorted[i].first == score; ++i) (sorted[i].second ? same : different) += 1;
    wins += same * (below + different / 2);
    below += different;
    same_count += same;
  }
  return same_count > 0 && below > 0 ? wins / (same_count * below) : 0.0;
}

/// Student's t, two-sided 95 %, by degrees of freedom.
double student_t(std::size_t degrees) {
  static constexpr std::array<double, 10> kValues = {0,     12.706, 4.303, 3.182, 2.776,
                                                     2.571, 2.447,  2.365, 2.306, 2.262};
  return kValues.at(degrees);
}

}  // namespace

std::vector<FacePair> make_face_pairs(const std::vector<std::int64_t>& labels, std::size_t count,
                                      std::uint64_t seed) {
  std::vector<Identity> identities = identities_of(labels);
  Random random(derive_seed(seed, "face pairs"));
  random.shuffle(std::span(identities));
  // People with one picture go last: dealt out in turn, every fold gets its share of the others.
  std::stable_sort(identities.begin(), identities.end(),
                   [](const Identity& a, const Identity& b) { return (a.size() > 1) > (b.size() > 1); });
  const std::size_t fold_count = std::min(kFoldsMax, identities.size() / 2);
  if (fold_count < 2)
    throw corrupt_data("held-out faces",
                       std::to_string(identities.size()) + " identities, wanted four or more");
  std::vector<FacePair> pairs;
  for (std::size_t fold = 0; fold < fold_count; ++fold) {
    std::vector<Identity> people;
    for (std::size_t i = fold; i < identities.size(); i += fold_count) people.push_back(identities[i]);
    add_fold(people, std::max<std::size_t>(1, count / (2 * fold_count)), random, pairs);
  }
  return pairs;
}

double best_threshold(const std::vector<double>& scores, const std::vector<FacePair>& pairs,
                      int left_out_fold) {
  std::vector<std::pair<double, bool>> sorted;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].fold != left_out_fold) sorted.emplace_back(scores[i], pairs[i].is_same);
  }
  std::sort(sorted.begin(), sorted.end());
  // Below all scores every pair is called the same; each score passed turns its pairs into different ones.
  std::int64_t gain = 0;
  std::int64_t best_gain = 0;
  double best = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    gain += sorted[i].second ? -1 : 1;
    const bool is_last = i + 1 == sorted.size();
    if (!is_last && sorted[i + 1].first == sorted[i].first) continue;
    if (gain > best_gain) {
      best_gain = gain;
      best = is_last ? std::numeric_limits<double>::infinity() : (sorted[i].first + sorted[i + 1].first) / 2;
    }
  }
  return best;
}

VerificationFigures verification_figures(const std::vector<double>& scores,
                                         const std::vector<FacePair>& pairs) {
  if (pairs.empty() || scores.size() != pairs.size())
    throw invalid_argument("verification wants one score a pair, and pairs");
  const int fold_count = pairs.back().fold + 1;
  std::vector<double> accuracies;
  for (int fold = 0; fold < fold_count; ++fold) {
    const double threshold = best_threshold(scores, pairs, fold);
    double right = 0;
    double total = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (pairs[i].fold != fold) continue;
      right += (scores[i] >= threshold) == pairs[i].is_same ? 1 : 0;
      total += 1;
    }
    if (total > 0) accuracies.push_back(right / total);
  }
  VerificationFigures figures;
  figures.pair_count = pairs.size();
  figures.fold_count = accuracies.size();
  const auto count = static_cast<double>(accuracies.size());
  for (const double accuracy : accuracies) figures.accuracy += accuracy / count;
  double squares = 0;
  for (const double accuracy : accuracies) squares += std::pow(accuracy - figures.accuracy, 2);
  const double deviation = accuracies.size() < 2 ? 0.0 : std::sqrt(squares / (count - 1) / count);
  const double reach = accuracies.size() < 2 ? 1.0 : student_t(accuracies.size() - 1) * deviation;
  figures.low = std::max(0.0, figures.accuracy - reach);
  figures.high = std::min(1.0, figures.accuracy + reach);
  figures.area_under_roc = area_under_roc(scores, pairs);
  return figures;
}

}  // namespace ferv::training
