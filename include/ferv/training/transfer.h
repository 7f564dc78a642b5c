// SPDX-License-Identifier: Apache-2.0
// Trained on one part of a data set, tested on every other: the transfer matrix between FERV39k's scenarios
// or scenes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/training/options.h"

namespace ferv::training {

enum class TransferParts {
  kScenarios,  ///< DL11k, WIS9k, SIA10k, AI9k
  kScenes,     ///< the 22
};

struct TransferOptions {
  TrainOptions train;  ///< `setup` is set for each part
  TransferParts parts = TransferParts::kScenarios;
  /// runs/<part>: one run folder a part; results/<part>/<part>.csv: one result file a cell, trained on /
  /// tested on; transfer.csv: the matrix.
  std::filesystem::path folder;
};

struct TransferCell {
  std::string trained_on;
  std::string tested_on;
  std::size_t clip_count = 0;
  double war = 0;
  double uar = 0;
  evaluation::MetricIntervals intervals;  ///< 95 % bootstrap
};

struct TransferOutcome {
  bool stopped = false;             ///< asked to stop; the same call goes on
  std::vector<std::string> parts;   ///< those with clips in both splits, in the order of the labels room
  std::vector<TransferCell> cells;  ///< row by row, a row for each part that was trained on
};

/// Trains on the train clips of every part in turn and tests its best weights (protocol as `train` says) on
/// the test clips of each. What is finished in `folder` is kept, a stopped training goes on. Throws
/// kIncompatible when `folder` was begun with other settings, kCorruptData when fewer than two parts have
/// clips, and what train() throws.
[[nodiscard]] TransferOutcome run_transfer(const TransferOptions& options, const Observer& observer);

}  // namespace ferv::training
