// SPDX-License-Identifier: Apache-2.0
// What lies in the folder of one clip.
#pragma once

#include <filesystem>

#include "ferv/data/clip_index.h"

namespace ferv::data {

/// Counts the frame files (*.jpg; *.png where there is none of those, as in MAFW) of `clip` below `folder`
/// and fills frame_count, and frame_names when the names are not 00.jpg .. NN.jpg. Names are put into numeric
/// order where all are numbers. A missing folder gives 0 frames.
void scan_clip_folder(const std::filesystem::path& folder, Clip& clip);

}  // namespace ferv::data
