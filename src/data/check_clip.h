// SPDX-License-Identifier: Apache-2.0
// What is found in the folder of one clip.
#pragma once

#include <cstdint>
#include <vector>

#include "ferv/data/check.h"
#include "perceptual_hash.h"

namespace ferv::data {

struct ClipFindings {
  std::vector<Problem> problems;
  std::uint64_t content_hash = 0;  ///< over the bytes of all frames
  ClipHash look{};                 ///< all zero when no frame could be read
  bool is_done = false;
};

/// Reads and decodes all frames of `clip`. May be called from several threads at once.
[[nodiscard]] ClipFindings check_clip(const ClipIndex& index, const Clip& clip, int wanted_size_px);

}  // namespace ferv::data
