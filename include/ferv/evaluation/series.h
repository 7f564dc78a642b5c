// SPDX-License-Identifier: Apache-2.0
// Runs that differ only in their seed or in the fold that they are tested on: mean, deviation, and the two
// ways in which k folds are reported.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

struct Spread {
  double mean = 0;
  std::optional<double> deviation;  ///< of the sample, divided by n - 1; nullopt for one value
};
/// Throws kInvalidArgument for no values.
[[nodiscard]] Spread spread_of(std::span<const double> values);

/// The rows of all folds together, no facts. Throws kIncompatible when their classes differ, and
/// kCorruptData, with `name`, for a clip in two of them: it was trained on in one.
[[nodiscard]] Results pooled_folds(std::span<const Results> folds, const std::string& name);

/// Test results of one run.
struct SeriesResult {
  int seed = 0;
  int fold = 0;  ///< 0 where there are none
  Results results;
};

struct SpreadMarks {
  Spread war;
  Spread uar;
};

/// A seed's folds come to one figure in two ways, both in use: the mean of the folds' figures (MAE-DFER,
/// S2D), and the figures of all folds' clips together (SVFAP). With one fold a seed the two are the same.
struct SeriesScores {
  SpreadMarks runs;      ///< over all runs
  SpreadMarks averaged;  ///< over seeds: the mean over a seed's folds
  SpreadMarks pooled;    ///< over seeds: all clips of a seed's folds
};
/// Throws kInvalidArgument for no results, and as pooled_folds().
[[nodiscard]] SeriesScores series_scores(std::span<const SeriesResult> results);

}  // namespace ferv::evaluation
