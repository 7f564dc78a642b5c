// SPDX-License-Identifier: Apache-2.0
// Trains every row of the zoo on one data set and sets the rows side by side.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"

namespace ferv::training {

struct ZooBenchmarkOptions {
  std::filesystem::path ferv39k;  ///< what all rows are trained and tested on; scene frames included
  std::filesystem::path dfew;     ///< what the rows pre-trained on DFEW are trained on first
  std::filesystem::path faces;    ///< folders of identities, for the rows pre-trained on faces
  std::filesystem::path runs;     ///< run folders, one a training
  std::filesystem::path results;  ///< <row>.csv with its facts, table.csv, table.md
  /// Settings: common.toml for all rows, then <row>.toml where there is one; dfew.toml and faces.toml for the
  /// pre-training. An `init_from` that is a row's id means the weights that this row has at its end.
  std::filesystem::path recipes;
  std::vector<std::string> rows;  ///< empty: all
};

struct ZooBenchmarkOutcome {
  bool stopped = false;  ///< asked to stop; the same call goes on
  std::size_t rows_trained = 0;
  std::size_t rows_kept = 0;  ///< their results lay there already, from this machine or another
};

/// Looks before hours of work at what they need: throws kInvalidArgument for a row that the zoo has not and
/// for settings that a recipe has wrong, kNotFound without common.toml.
void check_recipes(const ZooBenchmarkOptions& options);

/// Trains the rows that have no results yet, one after another, and writes the table anew after each. Stopped
/// trainings go on where they were. Throws what check_recipes(), training and pre-training throw.
ZooBenchmarkOutcome run_zoo_benchmark(const ZooBenchmarkOptions& options, const Observer& observer);

/// Writes table.csv and table.md from the result files in `results`, rows in the order of the zoo.
void write_zoo_table(const std::filesystem::path& results);

}  // namespace ferv::training
