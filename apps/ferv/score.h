// SPDX-License-Identifier: Apache-2.0
// What `ferv score` was asked, and what it says about one file: shared by its reading and its printing.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ferv/evaluation/audit.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"

namespace ferv::app {

struct ScoreArguments {
  std::vector<std::string> files;
  std::string format;  ///< "", ferv, csv, list, views or matrix
  std::string columns;
  std::string classes;
  int first_index = 0;
  std::string against;
  bool count_problems = false;
  std::string save;  ///< "": nowhere
  std::string by;
  bool json = false;
  bool folds = false;
  bool calibration = false;
  std::optional<double> uncertain_below;
  std::string check_table;
  std::int64_t clips = 0;
  evaluation::BootstrapOptions bootstrap;
};

/// One file, read and held against the list.
struct Scored {
  std::string name;
  std::vector<std::string> classes;
  evaluation::ConfusionMatrix matrix;
  evaluation::Results results;  ///< no rows where a confusion matrix was read
  evaluation::Coverage coverage;
};

[[nodiscard]] std::string score_text(const Scored& scored, const ScoreArguments& arguments);
[[nodiscard]] nlohmann::ordered_json score_json(const Scored& scored, const ScoreArguments& arguments);

/// `ferv score --check-table`: prints, and returns whether all figures can be.
bool run_check_table(const ScoreArguments& arguments);

}  // namespace ferv::app
