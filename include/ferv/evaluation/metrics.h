// SPDX-License-Identifier: Apache-2.0
// WAR, UAR and what else is read off a confusion matrix, with bootstrap intervals.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

/// counts[truth][predicted], K x K.
struct ConfusionMatrix {
  std::vector<std::vector<std::int64_t>> counts;
  [[nodiscard]] std::int64_t total() const;
};

[[nodiscard]] ConfusionMatrix confusion_matrix(const Results& results);

/// Weighted average recall = accuracy = trace / sum, in [0, 1]. 0 for no samples.
[[nodiscard]] double war(const ConfusionMatrix& matrix);
/// Unweighted average recall: the mean over classes that have samples of their recall.
[[nodiscard]] double uar(const ConfusionMatrix& matrix);

struct ClassMetrics {
  std::int64_t sample_count = 0;
  double recall = 0;
  double precision = 0;
  double f1 = 0;
};
[[nodiscard]] std::vector<ClassMetrics> class_metrics(const ConfusionMatrix& matrix);
[[nodiscard]] double macro_f1(const ConfusionMatrix& matrix);
[[nodiscard]] double weighted_f1(const ConfusionMatrix& matrix);

struct Interval {
  double low = 0;
  double high = 0;
};

/// The middle `confidence` share of the values, between order statistics interpolated as numpy.percentile
/// does. Throws kInvalidArgument for no values, or a confidence that is not between 0 and 1.
[[nodiscard]] Interval percentile_interval(std::vector<double> values, double confidence);

struct BootstrapOptions {
  int resample_count = 2000;
  double confidence = 0.95;
  std::uint64_t seed = 0;
};

/// Percentile bootstrap over clips, stratified by true class. Deterministic in the seed.
struct MetricIntervals {
  Interval war;
  Interval uar;
};
[[nodiscard]] MetricIntervals bootstrap_intervals(const ConfusionMatrix& matrix,
                                                  const BootstrapOptions& options);

/// The same for all that is read off a confusion matrix: answers of each class are drawn anew from its row,
/// which is resampling its clips (a multinomial draw). Classes without samples have the recall interval 0 to
/// 0. Throws as bootstrap_intervals.
struct ScoreIntervals {
  Interval war;
  Interval uar;
  Interval macro_f1;
  Interval weighted_f1;
  std::vector<Interval> recalls;  ///< [K]
};
[[nodiscard]] ScoreIntervals score_intervals(const ConfusionMatrix& matrix, const BootstrapOptions& options);

}  // namespace ferv::evaluation
