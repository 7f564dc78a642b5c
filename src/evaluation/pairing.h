// SPDX-License-Identifier: Apache-2.0
// The rows of two result files that are of the same clips.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

/// Each row of `a` with its row of `b`, in the order of `a`. Throws kIncompatible when classes, clips or
/// labels differ, naming the first.
[[nodiscard]] std::vector<std::pair<const ResultRow*, const ResultRow*>> paired_rows(const Results& a,
                                                                                     const Results& b);

/// The first part of the clip id. Throws kInvalidArgument when it has no '/'.
[[nodiscard]] std::string scene_of_row(const ResultRow& row);

}  // namespace ferv::evaluation
