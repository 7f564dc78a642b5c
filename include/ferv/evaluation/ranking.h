// SPDX-License-Identifier: Apache-2.0
// More than two models on the same clips: ranks over the scenes, and which differences are more than chance.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

/// Friedman's test, corrected for ties.
struct Friedman {
  std::vector<double> mean_ranks;  ///< [M], 1 = best
  double statistic = 0;            ///< chi squared with M - 1 degrees of freedom
  double p = 1;
};
/// `scores[block][model]`, larger is better. Throws kInvalidArgument for fewer than two blocks or models, or
/// rows of different lengths.
[[nodiscard]] Friedman friedman(const std::vector<std::vector<double>>& scores);

/// Mean ranks that differ by less are not told apart by Nemenyi's test at `alpha` (Demsar 2006, equation 5).
/// The studentized range is integrated, not looked up. Throws kInvalidArgument for fewer than two models, no
/// blocks, or an alpha that is not between 0 and 1.
[[nodiscard]] double critical_difference(std::size_t model_count, std::size_t block_count, double alpha);

/// Two-sided p of Wilcoxon's signed-rank test; zeros are dropped, tied ranks are shared, and the distribution
/// is the exact one given the ties. 1 for no difference at all.
[[nodiscard]] double wilcoxon_p(std::span<const double> differences);

/// Holm's adjustment for having looked at all of `p_values`, in their order.
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

struct RankedPair {
  std::size_t first = 0;  ///< positions among the models
  std::size_t second = 0;
  double wilcoxon_p = 1;
  double holm_p = 1;
};

struct Ranking {
  std::vector<std::string> scenes;          ///< the blocks
  std::vector<std::vector<double>> scores;  ///< [scene][model], WAR
  Friedman friedman;
  double critical_difference = 0;
  std::vector<RankedPair> pairs;  ///< all, with p over the scenes
};

/// WAR of each scene as block. Throws kIncompatible where classes, clips or labels differ, and
/// kInvalidArgument for fewer than two models or scenes.
[[nodiscard]] Ranking rank_over_scenes(std::span<const Results> models, double alpha);

}  // namespace ferv::evaluation
