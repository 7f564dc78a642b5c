// SPDX-License-Identifier: Apache-2.0
// One offline HTML page about a run or a result file: no network, printable.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

/// A column of metrics.csv.
struct Curve {
  std::string name;
  std::vector<double> values;  ///< one an epoch
};

struct ReportInput {
  std::string title;
  Results results;             ///< the split that is reported, normally test
  std::vector<Curve> curves;   ///< empty for a result file alone
  std::string settings;        ///< config.toml, shown as it is; may be empty
  std::string environment;     ///< environment.json, likewise
  std::filesystem::path data;  ///< FERV39k release that the clips lie in; empty: no pictures
  /// Clip -> how much each sampled frame mattered, from `<results stem>.cam.json`; usually empty.
  std::map<std::string, std::vector<double>> frame_weights;
  BootstrapOptions bootstrap;
};

/// Reads a run folder (results/test.csv, metrics.csv, config.toml, environment.json) or a result file, and
/// the frame weights beside the results. `data` is the folder that the run's settings name, where it is
/// there. Throws kNotFound, kCorruptData.
[[nodiscard]] ReportInput read_report_input(const std::filesystem::path& run_or_results);

/// The whole page. All text from files is escaped.
[[nodiscard]] std::string render_report(const ReportInput& input);

}  // namespace ferv::evaluation
