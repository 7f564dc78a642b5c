// SPDX-License-Identifier: Apache-2.0
// What the loader gives to a model, as one picture: a row a clip and stream.
#pragma once

#include "ferv/data/batch_loader.h"
#include "ferv/media/image.h"

namespace ferv::data {

/// The first `clip_count` clips that a loader with these options gives in epoch 0, frames left to right,
/// the streams of a clip below each other. Throws as BatchLoader does.
[[nodiscard]] media::Image contact_sheet(const ClipIndex& index, const std::vector<std::size_t>& positions,
                                         LoaderOptions options, std::size_t clip_count);

}  // namespace ferv::data
