// SPDX-License-Identifier: Apache-2.0
// The version that ferv writes into everything it makes.
#pragma once

#include <string_view>

namespace ferv {

/// Semantic version, e.g. "0.1.0".
[[nodiscard]] std::string_view version() noexcept;

}  // namespace ferv
