// SPDX-License-Identifier: Apache-2.0
// Text from a file that is not trusted, made fit for a message of one line.
#pragma once

#include <string>
#include <string_view>

namespace ferv::weights {

/// At most 80 bytes; whatever is not printable ASCII becomes '?'.
[[nodiscard]] inline std::string printable(std::string_view text) {
  constexpr std::size_t kShown = 80;
  std::string result;
  for (const char c : text.substr(0, kShown)) result += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > kShown ? result + "..." : result;
}

}  // namespace ferv::weights
