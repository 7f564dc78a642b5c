// SPDX-License-Identifier: Apache-2.0
// One rendered clip on its way to disk.
#pragma once

#include <cstdint>
#include <filesystem>

#include "ferv/synth/clip_plan.h"
#include "ferv/synth/dataset_writer.h"

namespace ferv::synth {

/// Where the folders and films of one clip go.
struct ClipFiles {
  std::filesystem::path faces;    ///< folder
  std::filesystem::path scenes;   ///< folder; empty when none is wanted
  std::filesystem::path film;     ///< empty when none is wanted
  std::filesystem::path scratch;  ///< folder on the same file system, gone when the clip is done
};

[[nodiscard]] ClipFiles clip_files(const SynthOptions& options, const PlannedClip& clip);

/// True when all pictures of the clip are there, each whole (JPEG's end marker), and no others.
[[nodiscard]] bool clip_is_complete(const ClipFiles& files, int frame_count);

/// Renders and writes one clip. Pictures are written into `scratch` and the folders renamed into place, the
/// face crops last; so what was there of an unfinished attempt is replaced, and a stop leaves no half folder.
/// Throws kIo.
void write_clip(const SynthOptions& options, const PlannedClip& clip, const ClipFiles& files);

}  // namespace ferv::synth
