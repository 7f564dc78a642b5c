// SPDX-License-Identifier: Apache-2.0
#include "assignment.h"

#include <dlib/matrix.h>
#include <dlib/optimization/max_cost_assignment.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ferv::face {
namespace {

constexpr double kSteps = 1e6;  ///< dlib wants whole numbers

}  // namespace

std::vector<int> assign(const std::vector<std::vector<double>>& worth) {
  std::size_t side = worth.size();
  for (const auto& row : worth) side = std::max(side, row.size());
  std::vector<int> result(worth.size(), -1);
  if (side == 0) return result;
  dlib::matrix<std::int64_t> square(static_cast<long>(side), static_cast<long>(side));
  square = 0;
  for (std::size_t i = 0; i < worth.size(); ++i) {
    for (std::size_t j = 0; j < worth[i].size(); ++j) {
      square(static_cast<long>(i), static_cast<long>(j)) =
          static_cast<std::int64_t>(std::llround(std::max(0.0, worth[i][j]) * kSteps));
    }
  }
  const std::vector<long> chosen = dlib::max_cost_assignment(square);
  for (std::size_t i = 0; i < worth.size(); ++i) {
    const auto j = static_cast<std::size_t>(chosen[i]);
    if (j < worth[i].size() && worth[i][j] > 0) result[i] = static_cast<int>(j);
  }
  return result;
}

}  // namespace ferv::face
