// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy files, float32 in C order: how arrays are exchanged with Python.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace ferv {

/// A dense float32 array in C order; `values.size()` is the product of `shape`.
struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// Reads versions 1.0 to 3.0, little-endian float32 (`<f4`), C order. Throws kNotFound, or kCorruptData that
/// names the dtype, order or size found.
[[nodiscard]] NpyArray read_npy(const std::filesystem::path& path);
/// The same from memory; `path` is for messages.
[[nodiscard]] NpyArray parse_npy(std::span<const std::uint8_t> bytes, const std::filesystem::path& path);

/// Writes version 1.0 atomically. Throws kIo, kInvalidArgument when shape and values disagree.
void write_npy(const std::filesystem::path& path, const NpyArray& array);

}  // namespace ferv
