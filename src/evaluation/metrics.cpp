// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ferv/base/error.h"
#include "ferv/base/random.h"

namespace ferv::evaluation {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

std::int64_t row_sum(const ConfusionMatrix& matrix, std::size_t k) {
  return std::accumulate(matrix.counts[k].begin(), matrix.counts[k].end(), std::int64_t{0});
}

/// The number of successes in `count` draws with replacement from `count` samples of which `hits` are right.
/// Drawn one by one: exact, and fast enough (2,000 resamples of 7,847 clips are 16 million draws).
std::int64_t resampled_hits(std::int64_t hits, std::int64_t count, Random& random) {
  if (hits == 0 || hits == count) return hits;
  // A 64-bit draw below this bound happens with probability hits / count, to 2^-64.
  const auto bound = static_cast<std::uint64_t>(
      std::ldexp(static_cast<long double>(hits) / static_cast<long double>(count), 64));
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < count; ++i) found += random.next() < bound ? 1 : 0;
  return found;
}

void require_enough_resamples(const BootstrapOptions& options) {
  if (options.resample_count < 2)
    throw invalid_argument("bootstrap wants at least 2 resamples, found " +
                           std::to_string(options.resample_count));
}

/// Draws the answers of one class anew: as many as its row holds, each with the row's shares.
class RowResampler {
 public:
  explicit RowResampler(const std::vector<std::int64_t>& row)
      : count_(std::accumulate(row.begin(), row.end(), std::int64_t{0})) {
    std::int64_t below = 0;
    for (const std::int64_t cell : row) {
      below += cell;
      // A 64-bit draw falls below the bound of cell k with the share of cells 0 to k, to 2^-64.
      const long double share =
          static_cast<long double>(below) / static_cast<long double>(std::max<std::int64_t>(count_, 1));
      bounds_.push_back(below == count_ ? UINT64_MAX : static_cast<std::uint64_t>(std::ldexp(share, 64)));
    }
  }
  void draw_into(std::vector<std::int64_t>& row, Random& random) const {
    std::fill(row.begin(), row.end(), 0);
    for (std::int64_t i = 0; i < count_; ++i) {
      const std::uint64_t drawn = random.next();
      std::size_t cell = 0;
      for (const std::uint64_t bound : bounds_) cell += drawn >= bound ? 1 : 0;
      ++row[std::min(cell, row.size() - 1)];
    }
  }

 private:
  std::int64_t count_;
  std::vector<std::uint64_t> bounds_;
};

}  // namespace

Interval percentile_interval(std::vector<double> values, double confidence) {
  if (values.empty()) throw invalid_argument("an interval wants values, found 0 values");
  if (!(confidence > 0 && confidence < 1)) throw invalid_argument("confidence must lie between 0 and 1");
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    // Linear interpolation between order statistics, as numpy.percentile does.
    const double position = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(position);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (position - static_cast<double>(low)) * (values[high] - values[low]);
  };
  return {at((1.0 - confidence) / 2.0), at((1.0 + confidence) / 2.0)};
}

std::int64_t ConfusionMatrix::total() const {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) sum += row_sum(*this, k);
  return sum;
}

ConfusionMatrix confusion_matrix(const Results& results) {
  const std::size_t class_count = results.classes.size();
  ConfusionMatrix matrix;
  matrix.counts.assign(class_count, std::vector<std::int64_t>(class_count, 0));
  for (const ResultRow& row : results.rows) {
    ++matrix.counts.at(static_cast<std::size_t>(row.label)).at(static_cast<std::size_t>(row.predicted));
  }
  return matrix;
}

double war(const ConfusionMatrix& matrix) {
  std::int64_t right = 0;
  for (std::size_t k = 0; k < matrix.counts.size(); ++k) right += matrix.counts[k][k];
  return ratio(right, matrix.total());
}

double uar(const ConfusionMatrix& matrix) {
  double sum = 0;
  int classes_with_samples = 0;
  for (const ClassMetrics& metrics : class_metrics(matrix)) {
    if (metrics.sample_count == 0) continue;
    sum += metrics.recall;
    ++classes_with_samples;
  }
  return classes_with_samples > 0 ? sum / classes_with_samples : 0.0;
}

std::vector<ClassMetrics> class_metrics(const ConfusionMatrix& matrix) {
  std::vector<ClassMetrics> result(matrix.counts.size());
  for (std::size_t k = 0; k < result.size(); ++k) {
    std::int64_t predicted = 0;
    for (const auto& row : matrix.counts) predicted += row[k];
    ClassMetrics& metrics = result[k];
    metrics.sample_count = row_sum(matrix, k);
    metrics.recall = ratio(matrix.counts[k][k], metrics.sample_count);
    metrics.precision = ratio(matrix.counts[k][k], predicted);
    // 2 TP / (2 TP + FP + FN): defined where one of precision and recall is.
    metrics.f1 = ratio(2 * matrix.counts[k][k], metrics.sample_count + predicted);
  }
  return result;
}

double macro_f1(const ConfusionMatrix& matrix) {
  const std::vector<ClassMetrics> metrics = class_metrics(matrix);
  double sum = 0;
  for (const ClassMetrics& entry : metrics) sum += entry.f1;
  return metrics.empty() ? 0.0 : sum / static_cast<double>(metrics.size());
}

double weighted_f1(const ConfusionMatrix& matrix) {
  const std::int64_t total = matrix.total();
  double sum = 0;
  for (const ClassMetrics& entry : class_metrics(matrix))
    sum += entry.f1 * static_cast<double>(entry.sample_count);
  return total > 0 ? sum / static_cast<double>(total) : 0.0;
}

MetricIntervals bootstrap_intervals(const ConfusionMatrix& matrix, const BootstrapOptions& options) {
  require_enough_resamples(options);
  const std::vector<ClassMetrics> classes = class_metrics(matrix);
  const std::int64_t total = matrix.total();
  if (total == 0) return {};
  std::vector<double> wars;
  std::vector<double> uars;
  Random random(derive_seed(options.seed, "bootstrap"));
  for (int round = 0; round < options.resample_count; ++round) {
    // WAR and UAR depend on the right answers of each class alone, so only those are drawn.
    std::int64_t right = 0;
    double recalls = 0;
    int classes_with_samples = 0;
    for (std::size_t k = 0; k < classes.size(); ++k) {
      if (classes[k].sample_count == 0) continue;
      const std::int64_t hits = resampled_hits(matrix.counts[k][k], classes[k].sample_count, random);
      right += hits;
      recalls += ratio(hits, classes[k].sample_count);
      ++classes_with_samples;
    }
    wars.push_back(ratio(right, total));
    uars.push_back(recalls / classes_with_samples);
  }
  return {percentile_interval(std::move(wars), options.confidence),
          percentile_interval(std::move(uars), options.confidence)};
}

ScoreIntervals score_intervals(const ConfusionMatrix& matrix, const BootstrapOptions& options) {
  require_enough_resamples(options);
  const std::size_t class_count = matrix.counts.size();
  if (matrix.total() == 0) return {{}, {}, {}, {}, std::vector<Interval>(class_count)};
  std::vector<RowResampler> rows(matrix.counts.begin(), matrix.counts.end());
  // WAR, UAR, macro F1, weighted F1, then the recalls.
  std::vector<std::vector<double>> values(4 + class_count);
  Random random(derive_seed(options.seed, "bootstrap of answers"));
  ConfusionMatrix resampled = matrix;
  for (int round = 0; round < options.resample_count; ++round) {
    for (std::size_t k = 0; k < class_count; ++k) rows[k].draw_into(resampled.counts[k], random);
    values[0].push_back(war(resampled));
    values[1].push_back(uar(resampled));
    values[2].push_back(macro_f1(resampled));
    values[3].push_back(weighted_f1(resampled));
    const std::vector<ClassMetrics> classes = class_metrics(resampled);
    for (std::size_t k = 0; k < class_count; ++k) values[4 + k].push_back(classes[k].recall);
  }
  std::vector<Interval> intervals;
  for (auto& one : values) intervals.push_back(percentile_interval(std::move(one), options.confidence));
  return {intervals[0], intervals[1], intervals[2], intervals[3], {intervals.begin() + 4, intervals.end()}};
}

}  // namespace ferv::evaluation
