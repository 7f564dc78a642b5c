// SPDX-License-Identifier: Apache-2.0
// The middle of some numbers.
#pragma once

#include <algorithm>
#include <vector>

namespace ferv {

/// Of an even number of values the mean of the two in the middle. `values` must not be empty.
[[nodiscard]] inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

}  // namespace ferv
