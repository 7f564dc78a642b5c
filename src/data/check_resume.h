// SPDX-License-Identifier: Apache-2.0
// What a check has found so far, kept in a file: reading a release takes a while.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "check_clip.h"

namespace ferv::data {

/// What findings belong to: the clips, and the size that frames were held against.
[[nodiscard]] std::string check_key(const ClipIndex& index, int wanted_size_px);

void write_findings(const std::filesystem::path& path, const std::string& key,
                    std::span<const ClipFindings> findings);

/// Findings of `clip_count` clips; those that were not read yet are not `is_done`. Throws kInvalidArgument
/// when the file belongs to another data set or size, kCorruptData when it is no such file.
[[nodiscard]] std::vector<ClipFindings> read_findings(const std::filesystem::path& path,
                                                      const std::string& key, std::size_t clip_count);

}  // namespace ferv::data
