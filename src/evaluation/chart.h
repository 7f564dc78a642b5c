// SPDX-License-Identifier: Apache-2.0
// Charts of a report. Each is a <canvas> whose data-chart attribute says in JSON what report.js is to draw
// with Chart.js, and beneath it the same figures as an HTML table in a fold, for who prints, listens or runs
// no scripts.
#pragma once

#include <optional>
#include <string>
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

/// Bars on an axis from 0 to 100 %.
[[nodiscard]] std::string bar_chart(const std::string& title, const std::vector<Bar>& bars);
/// Lines over epochs 1, 2, ...; a value that is not finite leaves a gap. Curves without values are left out,
/// and "" is what remains when all are.
[[nodiscard]] std::string line_chart(const std::string& title, const std::vector<Curve>& curves);
/// An HTML table, cells shaded by their share of the row.
[[nodiscard]] std::string confusion_table(const std::vector<std::string>& classes,
                                          const ConfusionMatrix& matrix);
/// Accuracy against confidence, with the diagonal. Bins without clips are left out.
[[nodiscard]] std::string reliability_chart(const Calibration& calibration);
/// Which of a clip's sampled frames mattered: small bars over time without a frame, the width of a clip's
/// picture.
[[nodiscard]] std::string weights_chart(const std::vector<double>& weights);

}  // namespace ferv::evaluation
