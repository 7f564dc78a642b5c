// SPDX-License-Identifier: Apache-2.0
// How long a run will go on, by the speed of this process so far.
#pragma once

#include <cstdint>

namespace ferv::training {

struct Pace {
  double clips_per_s = 0;   ///< in training, waits for data included
  double evaluation_s = 0;  ///< of the last validation; 0 before the first
};

/// Seconds for so many training clips and so many validations; 0 before there is a speed.
[[nodiscard]] inline double time_left_s(const Pace& pace, std::int64_t clips_left,
                                        std::int64_t evaluations_left) {
  if (pace.clips_per_s <= 0) return 0;
  return static_cast<double>(clips_left) / pace.clips_per_s +
         static_cast<double>(evaluations_left) * pace.evaluation_s;
}

}  // namespace ferv::training
