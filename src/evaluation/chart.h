// SPDX-License-Identifier: Apache-2.0
// Charts as inline SVG: each has a title and a text alternative, and takes its colours from the page.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/report.h"

namespace ferv::evaluation {

/// A horizontal bar with an interval, in [0, 1].
struct Bar {
  std::string name;
  double value = 0;
  std::optional<Interval> interval;
  std::string note;                                ///< small text at the right, e.g. the number of clips
  std::optional<double> reference = std::nullopt;  ///< an upright mark, e.g. a published figure
};

[[nodiscard]] std::string bar_chart(const std::string& title, const std::vector<Bar>& bars);
/// The same as an HTML table in a fold, for those who do not see the chart.
[[nodiscard]] std::string bar_table(const std::vector<Bar>& bars);
/// Lines over epochs 1, 2, ...; the vertical axis spans the values. Curves without values are left out.
[[nodiscard]] std::string line_chart(const std::string& title, const std::vector<Curve>& curves);
/// An HTML table, cells shaded by their share of the row.
[[nodiscard]] std::string confusion_table(const std::vector<std::string>& classes,
                                          const ConfusionMatrix& matrix);
/// Accuracy against confidence, with the diagonal.
[[nodiscard]] std::string reliability_chart(const Calibration& calibration);

}  // namespace ferv::evaluation
