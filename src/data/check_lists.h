// SPDX-License-Identifier: Apache-2.0
// FERV39k's lists against the numbers of clips that the release is known to have.
#pragma once

#include <string>
#include <vector>

#include "ferv/data/check.h"

namespace ferv::data {

/// Whether `wanted` ("on", "off", "auto") says to hold the counts of `index` against the published table.
/// Throws kInvalidArgument for another word, and for "on" with a layout that has no table.
[[nodiscard]] bool counts_are_wanted(const ClipIndex& index, const std::string& wanted);

/// Lists that are one clip short, and every cell of scene, class and split with a wrong number.
[[nodiscard]] std::vector<Problem> check_lists(const ClipIndex& index);

}  // namespace ferv::data
