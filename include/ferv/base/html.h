// SPDX-License-Identifier: Apache-2.0
// Text in the pages that ferv writes.
#pragma once

#include <string>
#include <string_view>

namespace ferv {

/// `text` safe between tags and in attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace ferv
