// SPDX-License-Identifier: Apache-2.0
// Files for tests that write thousands of them: not synced to disk, as the library's own writing is.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace ferv::test {

inline void write_quickly(const std::filesystem::path& path, std::string_view text) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace ferv::test
