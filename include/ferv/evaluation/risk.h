// SPDX-License-Identifier: Apache-2.0
// What a model gets wrong when it may say "uncertain" instead of answering.
#pragma once

#include <cstdint>
#include <vector>

#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

/// Answering every clip whose confidence (probability of the predicted class) is at least `threshold`.
struct RiskPoint {
  double threshold = 0;
  std::int64_t answered_count = 0;
  double coverage = 0;  ///< share of clips answered
  double risk = 0;      ///< share of the answered that is wrong
};

struct RiskCurve {
  /// One point a distinct confidence, from the surest clips alone to all clips.
  std::vector<RiskPoint> points;
  /// Area under risk over coverage (AURC, Geifman et al. 2019): mean risk over the clips in order of
  /// confidence.
  double area = 0;
};

/// Over the clips that have probabilities. Throws kInvalidArgument when none has.
[[nodiscard]] RiskCurve risk_curve(const Results& results);

/// The last point of the curve that answers no more than `coverage` of the clips, or its first.
[[nodiscard]] RiskPoint point_at_coverage(const RiskCurve& curve, double coverage);

/// The smallest threshold whose answers are wrong in no more than `risk` of the cases; that of the surest
/// clips when there is none. Throws kInvalidArgument for a curve without points.
[[nodiscard]] double threshold_at_risk(const RiskCurve& curve, double risk);

/// The clips that are answered at `threshold`. Clips without probabilities are not. Facts are kept.
[[nodiscard]] Results answered(const Results& results, double threshold);

}  // namespace ferv::evaluation
