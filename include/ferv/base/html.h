// SPDX-License-Identifier: Apache-2.0
// Text in the pages that ferv writes.
#pragma once

#include <string>
#include <string_view>

namespace ferv {

/// `text` safe between tags and in attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A path as a part of a URI: all but letters, digits and "-._~/" of ASCII percent-encoded (RFC 3986).
[[nodiscard]] std::string encode_uri_path(std::string_view path);

}  // namespace ferv
