// SPDX-License-Identifier: Apache-2.0
// A data set as one tar in WebDataset's manner: the files of a sample follow each other and share a name up
// to the first dot. A clip `War/Sad/0001` is `War/Sad/0001.json`, `War/Sad/0001.face.00.jpg`, ...
#pragma once

#include <filesystem>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/clip_index.h"
#include "ferv/data/frame_store.h"

namespace ferv::data {

/// Writes all clips with their frames of `streams`, atomically; JPEG files byte by byte, raw frames of a pack
/// encoded at quality 95. The same index gives the same bytes. Throws kFailed when asked to stop, and
/// whatever reading a frame throws.
void write_tar(const ClipIndex& index, const std::filesystem::path& path, const std::vector<Stream>& streams,
               const Observer& observer);

/// A tar as a data set, with ClipIndex::store set. Of each sample: frames `<key>.face.NN.jpg`, also `.scene.`
/// and `.flow.`; `<key>.NN.jpg` and `<key>.jpg` count as faces. `<key>.json` holds `label` (a name), `split`
/// and `classes`; without it `<key>.cls` holds an index into the seven expressions and the clip is for
/// training. Other members are passed over. Throws kNotFound, kCorruptData with the member's name.
[[nodiscard]] ClipIndex open_tar(const std::filesystem::path& path);

}  // namespace ferv::data
