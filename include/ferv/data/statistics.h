// SPDX-License-Identifier: Apache-2.0
// Clips by class, scene, scenario and split; frames a clip.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ferv/data/clip_index.h"

namespace ferv::data {

/// Clips of one scene, scenario or of all: counts[split][class].
struct ClassCounts {
  std::string name;
  std::vector<std::vector<std::int64_t>> counts;  ///< [3 splits][K]
};

struct Statistics {
  std::vector<std::string> classes;
  ClassCounts all;
  std::vector<ClassCounts> scenarios;  ///< those that have clips, in the order of scenarios()
  std::vector<ClassCounts> scenes;     ///< those that have clips, alphabetical
  std::int64_t clips_without_frames = 0;
  std::int64_t frame_total = 0;
  std::int32_t frame_min = 0;  ///< over clips that have frames; 0 when none has
  double frame_median = 0;
  std::int32_t frame_max = 0;
};

[[nodiscard]] Statistics statistics(const ClipIndex& index);

}  // namespace ferv::data
