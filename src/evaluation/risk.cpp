// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/risk.h"

#include <algorithm>

#include "ferv/base/error.h"

namespace ferv::evaluation {
namespace {

double confidence_of(const ResultRow& row) {
  return row.probabilities[static_cast<std::size_t>(row.predicted)];
}

}  // namespace

RiskCurve risk_curve(const Results& results) {
  std::vector<const ResultRow*> rows;
  for (const ResultRow& row : results.rows) {
    if (!row.probabilities.empty()) rows.push_back(&row);
  }
  if (rows.empty()) throw invalid_argument("the results hold no probabilities");
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto* a, const auto* b) { return confidence_of(*a) > confidence_of(*b); });
  RiskCurve curve;
  const auto total = static_cast<double>(rows.size());
  std::int64_t wrong = 0;
  std::size_t group_begin = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    wrong += rows[i]->label != rows[i]->predicted ? 1 : 0;
    const double confidence = confidence_of(*rows[i]);
    // Clips of one confidence are answered together, or their order in the file would matter.
    if (i + 1 < rows.size() && confidence_of(*rows[i + 1]) == confidence) continue;
    const auto answered_count = static_cast<double>(i + 1);
    const double risk = static_cast<double>(wrong) / answered_count;
    curve.points.push_back({confidence, static_cast<std::int64_t>(i + 1), answered_count / total, risk});
    curve.area += risk * static_cast<double>(i + 1 - group_begin) / total;
    group_begin = i + 1;
  }
  return curve;
}

RiskPoint point_at_coverage(const RiskCurve& curve, double coverage) {
  if (curve.points.empty()) throw invalid_argument("the curve has no points");
  constexpr double kRounding = 1e-12;
  const auto after = std::find_if(curve.points.begin(), curve.points.end(), [&](const RiskPoint& point) {
    return point.coverage > coverage + kRounding;
  });
  return after == curve.points.begin() ? *after : *(after - 1);
}

double threshold_at_risk(const RiskCurve& curve, double risk) {
  if (curve.points.empty()) throw invalid_argument("the curve has no points");
  const auto last = std::find_if(curve.points.rbegin(), curve.points.rend(),
                                 [&](const RiskPoint& point) { return point.risk <= risk; });
  return last == curve.points.rend() ? curve.points.front().threshold : last->threshold;
}

Results answered(const Results& results, double threshold) {
  Results part{results.classes, {}, results.facts};
  std::copy_if(
      results.rows.begin(), results.rows.end(), std::back_inserter(part.rows),
      [&](const ResultRow& row) { return !row.probabilities.empty() && confidence_of(row) >= threshold; });
  return part;
}

}  // namespace ferv::evaluation
