// SPDX-License-Identifier: Apache-2.0
// How many clips the official test split of FERV39k holds: what every published share is a share of.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ferv::evaluation {

/// Test clips of each class, in the order of data::expression_names(). `subset` is "All", a scenario's short
/// name or a scene; empty for any other.
[[nodiscard]] std::vector<std::int64_t> official_test_clips(std::string_view subset);

}  // namespace ferv::evaluation
