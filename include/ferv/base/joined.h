// SPDX-License-Identifier: Apache-2.0
// Words in a row, for messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ferv {

/// The words with `separator` between each two.
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace ferv
