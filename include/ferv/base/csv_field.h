// SPDX-License-Identifier: Apache-2.0
// A field of comma-separated text as RFC 4180 has it.
#pragma once

#include <string>
#include <string_view>

namespace ferv {

/// `text`, quoted where it must be.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace ferv
