// SPDX-License-Identifier: Apache-2.0
#include "peak_memory.h"

#include <cstdlib>
#include <fstream>
#include <string>

namespace ferv::training {

std::uint64_t peak_process_bytes() {
  constexpr std::string_view kKey = "VmHWM:";
  constexpr std::uint64_t kBytesOfUnit = 1024;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(kKey)) return std::strtoull(line.c_str() + kKey.size(), nullptr, 10) * kBytesOfUnit;
  }
  return 0;
}

}  // namespace ferv::training
