// SPDX-License-Identifier: Apache-2.0
// Epochs in which every class comes up equally often.
#pragma once

#include <cstddef>
#include <vector>

#include "ferv/base/random.h"
#include "ferv/data/clip_index.h"

namespace ferv::data {

/// As many clips as `positions` has, in random order, every class that occurs among them as often as any
/// other, give or take one. A clip of a class comes up again only after all others of its class have. Depends
/// on `random` alone.
[[nodiscard]] std::vector<std::size_t> class_balanced_order(const ClipIndex& index,
                                                            const std::vector<std::size_t>& positions,
                                                            Random& random);

}  // namespace ferv::data
