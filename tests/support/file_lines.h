// SPDX-License-Identifier: Apache-2.0
// The lines of a text file.
#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "ferv/base/files.h"

namespace ferv::test {

inline std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::istringstream stream(read_text_file(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace ferv::test
