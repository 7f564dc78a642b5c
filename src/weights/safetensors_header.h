// SPDX-License-Identifier: Apache-2.0
// The header of a safetensors file: which tensors it holds, and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ferv::weights {

/// Where one tensor lies in the data part.
struct SafetensorsEntry {
  std::string name;
  std::string dtype;  ///< "F32", "BF16", ...: one that is known
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::map<std::string, std::string> metadata;
  std::vector<SafetensorsEntry> entries;  ///< in the order of their places: no hole, no overlap
  std::size_t data_begin = 0;             ///< in the file
};

/// Reads the header of a whole file and checks it against the bytes that are there. Throws std::exception
/// with what is wrong.
[[nodiscard]] SafetensorsHeader parse_safetensors_header(std::span<const std::uint8_t> bytes);

}  // namespace ferv::weights
