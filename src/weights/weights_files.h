// SPDX-License-Identifier: Apache-2.0
// The weights formats in memory: reading that is the same wherever the bytes come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "ferv/weights/named_tensors.h"

namespace ferv::weights {

/// The largest weights file that is read.
inline constexpr std::size_t kWeightsFileLimit = std::size_t{16} << 30U;

/// The record of a .pth archive in which ferv keeps metadata; torch.load passes over it.
inline constexpr const char* kPthMetadataEntry = "extra/ferv.json";

// The two parsers throw std::exception with what is wrong; the functions that open a file add its name.

[[nodiscard]] NamedTensors parse_safetensors(std::span<const std::uint8_t> bytes);
/// What torch.save wrote: the ZIP format since PyTorch 1.6, or the older one.
[[nodiscard]] NamedTensors parse_pth(std::span<const std::uint8_t> bytes);

/// Whether the bytes begin as the format does.
[[nodiscard]] bool begins_like_safetensors(std::span<const std::uint8_t> bytes);
[[nodiscard]] bool begins_like_pth(std::span<const std::uint8_t> bytes);

/// Runs a parser; all that it throws becomes kCorruptData with the file, "not a valid `format` file" and what
/// was wrong, on one line.
[[nodiscard]] NamedTensors parse_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                                      const std::string& format,
                                      NamedTensors (*parse)(std::span<const std::uint8_t>));

}  // namespace ferv::weights
