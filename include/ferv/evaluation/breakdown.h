// SPDX-License-Identifier: Apache-2.0
// Results cut into scenes and scenarios, calibration, and two result files held against each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

enum class Grouping { kScene, kScenario };

/// WAR and UAR of a part of the clips.
struct GroupScore {
  std::string name;
  std::int64_t clip_count = 0;
  double war = 0;
  double uar = 0;
  MetricIntervals intervals;
};

/// One score a scene (alphabetical) or scenario (in the paper's order) that occurs. The scene is the first
/// part of the clip id; clips of unknown scenes form the scenario "other". Throws kInvalidArgument when a
/// clip id has no '/'.
[[nodiscard]] std::vector<GroupScore> scores_by(const Results& results, Grouping grouping,
                                                const BootstrapOptions& options);

/// A bin of the reliability diagram.
struct CalibrationBin {
  std::int64_t clip_count = 0;
  double mean_confidence = 0;  ///< of the predicted class
  double accuracy = 0;
};
struct Calibration {
  std::vector<CalibrationBin> bins;  ///< equal widths over [0, 1]
  double expected_error = 0;  ///< ECE (Guo et al. 2017): mean |accuracy - confidence| weighted by clips
};
/// Over the clips that have probabilities. Throws kInvalidArgument when none has, or for fewer than one bin.
[[nodiscard]] Calibration calibration(const Results& results, int bin_count = 15);

/// Two models on the same clips.
struct Comparison {
  std::int64_t clip_count = 0;
  double war_difference = 0;  ///< B - A
  double uar_difference = 0;
  MetricIntervals intervals;  ///< of the differences; clips resampled in pairs, stratified by class
  std::int64_t only_a_right = 0;
  std::int64_t only_b_right = 0;
  double mcnemar_p = 1;              ///< exact two-sided binomial test on the clips that one alone got right
  std::vector<std::string> changed;  ///< clips where right became wrong or the reverse: "clip: what A said ->
                                     ///< what B said, label Z"
};
/// Throws kIncompatible when classes, clips or labels differ, naming the first, and kInvalidArgument for
/// options that make no sense.
[[nodiscard]] Comparison compare(const Results& a, const Results& b, const BootstrapOptions& options);

enum class Part { kClass, kScene };
struct PartComparison {
  std::string name;
  Comparison comparison;  ///< of the clips of this class or scene alone
  double holm_p = 1;      ///< McNemar's p, adjusted for having looked at every part
};
/// The same for each class (in order) or scene (alphabetical) that occurs. Throws as compare, and
/// kInvalidArgument for scenes of clips without one.
[[nodiscard]] std::vector<PartComparison> compare_parts(const Results& a, const Results& b, Part part,
                                                        const BootstrapOptions& options);

}  // namespace ferv::evaluation
