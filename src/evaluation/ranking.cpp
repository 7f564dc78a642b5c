// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "ferv/base/error.h"
#include "pairing.h"

namespace ferv::evaluation {
namespace {

/// Ranks from 1 in ascending order; equal values share the mean of theirs. `tie_sum` grows by t^3 - t a tie
/// of t.
std::vector<double> ranks_of(const std::vector<double>& values, double* tie_sum) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    const auto tied = static_cast<double>(to - from);
    for (std::size_t i = from; i < to; ++i) ranks[order[i]] = static_cast<double>(from + to + 1) / 2;
    if (tie_sum != nullptr) *tie_sum += tied * tied * tied - tied;
    from = to;
  }
  return ranks;
}

/// P(X > x) for chi squared with `degrees` degrees of freedom: the regularised upper incomplete gamma
/// function, by its series (below the mean) or its continued fraction (Lentz).
double chi_squared_tail(double x, double degrees) {
  if (x <= 0) return 1;
  const double a = degrees / 2;
  const double half = x / 2;
  const double front = std::exp(a * std::log(half) - half - std::lgamma(a));
  constexpr int kMostTerms = 1000;
  constexpr double kSmall = 1e-300;
  if (half < a + 1) {
    double term = 1 / a;
    double sum = term;
    for (int i = 1; i < kMostTerms && term > sum * 1e-16; ++i) sum += term *= half / (a + i);
    return std::max(0.0, 1 - front * sum);
  }
  double b = half + 1 - a;
  double c = 1 / kSmall;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < kMostTerms; ++i) {
    const double step = -i * (i - a);
    b += 2;
    d = 1 / std::max(step * d + b, kSmall);
    c = std::max(b + step / c, kSmall);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

double normal_share_below(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

/// P(range of `count` standard normals < q).
double share_of_ranges_below(double q, std::size_t count) {
  constexpr double kEnd = 8;
  constexpr int kSteps = 1600;
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double z = -kEnd + (2 * kEnd + q) * i / kSteps;
    const double density = std::exp(-z * z / 2) / kRootOfTwoPi;
    const double weight = i == 0 || i == kSteps ? 0.5 : 1.0;
    sum += weight * density *
           std::pow(normal_share_below(z) - normal_share_below(z - q), static_cast<double>(count - 1));
  }
  return static_cast<double>(count) * sum * (2 * kEnd + q) / kSteps;
}

}  // namespace

Friedman friedman(const std::vector<std::vector<double>>& scores) {
  if (scores.size() < 2 || scores.front().size() < 2)
    throw invalid_argument(fmt::format("{} blocks of {} models, wanted at least 2 of 2", scores.size(),
                                       scores.empty() ? 0 : scores.front().size()));
  const std::size_t models = scores.front().size();
  std::vector<double> rank_sums(models, 0.0);
  double tie_sum = 0;
  for (const std::vector<double>& block : scores) {
    if (block.size() != models)
      throw invalid_argument(fmt::format("a block of {} models, wanted {}", block.size(), models));
    std::vector<double> negated = block;
    for (double& value : negated) value = -value;  // the best is rank 1
    const std::vector<double> ranks = ranks_of(negated, &tie_sum);
    for (std::size_t m = 0; m < models; ++m) rank_sums[m] += ranks[m];
  }
  const auto n = static_cast<double>(scores.size());
  const auto k = static_cast<double>(models);
  Friedman result;
  double squares = 0;
  for (const double sum : rank_sums) {
    squares += sum * sum;
    result.mean_ranks.push_back(sum / n);
  }
  const double correction = 1 - tie_sum / (n * k * (k * k - 1));
  if (correction <= 0) return result;  // every block is one tie
  result.statistic = (12 / (n * k * (k + 1)) * squares - 3 * n * (k + 1)) / correction;
  result.p = chi_squared_tail(result.statistic, k - 1);
  return result;
}

double critical_difference(std::size_t model_count, std::size_t block_count, double alpha) {
  if (model_count < 2 || block_count < 1 || !(alpha > 0 && alpha < 1))
    throw invalid_argument(
        fmt::format("{} models, {} blocks, alpha {}: wanted at least 2, 1, and one between 0 and 1",
                    model_count, block_count, alpha));
  double low = 0;
  double high = 50;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (share_of_ranges_below(middle, model_count) < 1 - alpha ? low : high) = middle;
  }
  const auto k = static_cast<double>(model_count);
  return low / std::sqrt(2.0) * std::sqrt(k * (k + 1) / (6 * static_cast<double>(block_count)));
}

double wilcoxon_p(std::span<const double> differences) {
  std::vector<double> sizes;
  std::vector<bool> is_positive;
  for (const double difference : differences) {
    if (difference == 0) continue;
    sizes.push_back(std::abs(difference));
    is_positive.push_back(difference > 0);
  }
  if (sizes.empty()) return 1;
  // Shared ranks are halves at worst, so twice a rank is whole and the sums can be counted.
  std::vector<double> ranks = ranks_of(sizes, nullptr);
  std::size_t positive_sum = 0;
  std::vector<double> ways = {1};
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const auto rank = static_cast<std::size_t>(std::lround(2 * ranks[i]));
    if (is_positive[i]) positive_sum += rank;
    std::vector<double> next(ways.size() + rank, 0.0);
    for (std::size_t sum = 0; sum < ways.size(); ++sum) {
      next[sum] += ways[sum] / 2;
      next[sum + rank] += ways[sum] / 2;
    }
    ways = std::move(next);
  }
  const std::size_t smaller = std::min(positive_sum, ways.size() - 1 - positive_sum);
  const double tail =
      std::accumulate(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(smaller) + 1, 0.0);
  return std::min(1.0, 2 * tail);
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, std::min(1.0, p_values[order[i]] * static_cast<double>(order.size() - i)));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

Ranking rank_over_scenes(std::span<const Results> models, double alpha) {
  if (models.size() < 2)
    throw invalid_argument(fmt::format("{} models, wanted at least 2 to rank", models.size()));
  std::map<std::string, std::vector<double>> right_of_scene;
  std::map<std::string, double> count_of_scene;
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (const auto& [first, row] : paired_rows(models[0], models[m])) {
      const std::string scene = scene_of_row(*row);
      auto& right = right_of_scene.try_emplace(scene, models.size(), 0.0).first->second;
      right[m] += row->predicted == row->label ? 1 : 0;
      if (m == 0) count_of_scene[scene] += 1;
    }
  }
  Ranking ranking;
  for (auto& [scene, right] : right_of_scene) {
    for (double& value : right) value /= count_of_scene[scene];
    ranking.scenes.push_back(scene);
    ranking.scores.push_back(right);
  }
  ranking.friedman = friedman(ranking.scores);
  ranking.critical_difference = critical_difference(models.size(), ranking.scenes.size(), alpha);
  std::vector<double> p_values;
  for (std::size_t a = 0; a < models.size(); ++a) {
    for (std::size_t b = a + 1; b < models.size(); ++b) {
      std::vector<double> differences;
      for (const auto& block : ranking.scores) differences.push_back(block[b] - block[a]);
      p_values.push_back(wilcoxon_p(differences));
      ranking.pairs.push_back({a, b, p_values.back(), 1});
    }
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) ranking.pairs[i].holm_p = adjusted[i];
  return ranking;
}

}  // namespace ferv::evaluation
