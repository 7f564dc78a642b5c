// SPDX-License-Identifier: Apache-2.0
// One training several times: with other seeds, on other folds, or both; one command, resumable as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/evaluation/series.h"
#include "ferv/training/options.h"

namespace ferv::training {

struct SeriesOptions {
  TrainOptions train;      ///< `seed` and `fold` are set for each run
  std::vector<int> seeds;  ///< empty: train.seed alone
  std::vector<int> folds;  ///< counted from 1; empty: train.fold alone
  /// seed-<n>, with folds fold-<n>/seed-<n>: the run folders; series.json, settings.toml: what is trained;
  /// summary.json, summary.csv: what came of it, rewritten after each run.
  std::filesystem::path folder;
};

/// One finished run.
struct SeriesRun {
  int seed = 0;
  int fold = 0;
  std::filesystem::path folder;
  std::size_t clip_count = 0;  ///< of the test split
  double war_best = 0;         ///< test split, weights of the best epoch
  double uar_best = 0;
  double war_last = 0;  ///< test split, weights of the last epoch
  double uar_last = 0;
};

struct SeriesOutcome {
  bool stopped = false;         ///< asked to stop; the same call goes on
  std::size_t run_count = 0;    ///< wanted
  std::vector<SeriesRun> runs;  ///< finished ones, seed by seed
  evaluation::SeriesScores best;
  evaluation::SeriesScores last;
};

/// True when a series was begun in `folder`.
[[nodiscard]] bool is_series(const std::filesystem::path& folder);

/// Trains what is not done yet, one run after another; stopped runs go on where they were. A series may be
/// called again with more seeds or folds. Throws kInvalidArgument for a seed or fold named twice or out of
/// range, kIncompatible when `folder` was begun with other settings, and what train() throws.
[[nodiscard]] SeriesOutcome run_series(const SeriesOptions& options, const Observer& observer);

/// Goes on with the series in `folder`. Throws kNotFound when there is none, kCorruptData for a series.json
/// that is not one, and as run_series().
[[nodiscard]] SeriesOutcome resume_series(const std::filesystem::path& folder, const Observer& observer);

}  // namespace ferv::training
