// SPDX-License-Identifier: Apache-2.0
// Reads the FERV39k release as it lies on disk: 2_ClipsforFaceCrop/<Scene>/<Emotion>/<NNNN>/NN.jpg and
// 4_setups/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ferv/data/clip_index.h"

namespace ferv::data {

struct Ferv39kOptions {
  /// "all", one of the 22 scenes, or one of the 4 scenario short names.
  std::string setup = "all";
  /// Look at the frame folders. Without it frame_count stays 0 (enough for label statistics).
  bool scan_frames = true;
  int threads = 0;  ///< 0 = all cores this process may use
};

/// Indexes a release. `root` may be the release or a folder that holds it (nested folder after unzip, FERV39K
/// or FERV39k). Clips whose folder is missing or empty stay in the index with frame_count 0; `check` reports
/// them. Throws kNotFound when there is no release below `root`, kCorruptData for list lines that cannot be
/// read (with file and line), an empty list, or a clip named twice.
[[nodiscard]] ClipIndex read_ferv39k(const std::filesystem::path& root, const Ferv39kOptions& options);

}  // namespace ferv::data
