// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/joined.h"

namespace ferv {

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    if (&word != words.data()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace ferv
