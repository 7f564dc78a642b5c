// SPDX-License-Identifier: Apache-2.0
// The frame of the pages that ferv writes: one file that works without a network and runs its own scripts
// only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ferv {

/// A script as ferv_embed() of CMake compiles it in. It must not hold "</script".
struct PageScript {
  std::string_view text;
  std::string_view sha256;  ///< 32 bytes
};

struct HtmlPage {
  std::string title;                  ///< text
  std::string_view style;             ///< CSS
  std::string body;                   ///< HTML
  std::string_view policy{};          ///< what else the page may load, e.g. "img-src data:"
  std::vector<PageScript> scripts{};  ///< run in this order after the body
};

/// The page, with a content security policy that allows its style, its scripts by their hashes, and `policy`.
[[nodiscard]] std::string html_page(const HtmlPage& page);

}  // namespace ferv
