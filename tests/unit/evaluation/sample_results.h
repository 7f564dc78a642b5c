// SPDX-License-Identifier: Apache-2.0
// Results and confusion matrices that several tests of this room start from.
#pragma once

#include <string>
#include <vector>

#include "ferv/base/random.h"
#include "ferv/data/labels.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"

namespace ferv::test {

inline std::vector<std::string> expressions() {
  const auto names = data::expression_names();
  return {names.begin(), names.end()};
}

/// MAE-DFER on the 7,847 test clips of FERV39k, rows = truth, in the order of expression_names(), as its
/// authors' log prints it (github.com/sunlicai/MAE-DFER, logs/ferv39k.out).
inline evaluation::ConfusionMatrix mae_dfer_on_ferv39k() {
  return {{{1076, 57, 201, 59, 40, 33, 7},
           {91, 752, 228, 183, 51, 45, 43},
           {180, 205, 1158, 245, 71, 63, 36},
           {56, 197, 310, 750, 81, 54, 39},
           {78, 63, 138, 116, 192, 17, 34},
           {56, 75, 98, 114, 27, 84, 13},
           {26, 113, 89, 70, 39, 20, 74}}};
}

/// The matrix with `share` of the counts, rounded down.
inline evaluation::ConfusionMatrix shrunk(evaluation::ConfusionMatrix matrix, int share) {
  for (auto& row : matrix.counts) {
    for (auto& count : row) count /= share;
  }
  return matrix;
}

/// Two clips of each class in each of `scenes`; some wrong, with probabilities that sum to 1.
inline evaluation::Results sample_results(const std::vector<std::string>& scenes) {
  evaluation::Results results;
  results.classes = expressions();
  Random random(3);
  for (const std::string& scene : scenes) {
    for (int label = 0; label < 7; ++label) {
      for (int number = 0; number < 2; ++number) {
        const int predicted = random.chance(0.6) ? label : static_cast<int>(random.below(7));
        std::vector<double> probabilities(7, 0.05);
        probabilities[static_cast<std::size_t>(predicted)] = 0.7;
        results.rows.push_back(
            {scene + "/" + results.classes[static_cast<std::size_t>(label)] + "/000" + std::to_string(number),
             label, predicted, probabilities});
      }
    }
  }
  return results;
}

}  // namespace ferv::test
