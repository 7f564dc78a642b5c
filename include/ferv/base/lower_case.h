// SPDX-License-Identifier: Apache-2.0
// Letters without regard to case, for names of files and classes.
#pragma once

#include <string>
#include <string_view>

namespace ferv {

/// ASCII letters made small; all else as it is, whatever the locale.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace ferv
