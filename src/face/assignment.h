// SPDX-License-Identifier: Apache-2.0
// Who belongs to whom, so that all together fit best.
#pragma once

#include <cstddef>
#include <vector>

namespace ferv::face {

/// `worth[i][j]` is what it is worth that the i-th of one side gets the j-th of the other; 0 or less forbids
/// it. Gives [i] the j that makes the sum largest, or -1 for none (Kuhn 1955, by dlib).
[[nodiscard]] std::vector<int> assign(const std::vector<std::vector<double>>& worth);

}  // namespace ferv::face
