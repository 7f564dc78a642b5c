// SPDX-License-Identifier: Apache-2.0
// Reads AFEW and CAER: <split>/<Emotion>/<clip>, the clips as folders of frames or as films.
#pragma once

#include <filesystem>

#include "layout_reader.h"

namespace ferv::data {

/// `train[_afew]` and `val[idation][_afew]` with emotions in them, and no `test` with emotions.
[[nodiscard]] bool afew_lies_in(const std::filesystem::path& folder);
/// The challenge's spelling (Angry, Happy, Sad) and the other (Anger, Happiness, Sadness) are both taken; the
/// classes are ferv's seven. The labelled validation clips are Split::kTest, as in the literature: those of
/// the official test have no labels.
[[nodiscard]] ClipIndex read_afew(const std::filesystem::path& folder, const DataSetOptions& options);

/// `train`, `validation` and `test` with emotions in each.
[[nodiscard]] bool caer_lies_in(const std::filesystem::path& folder);
[[nodiscard]] ClipIndex read_caer(const std::filesystem::path& folder, const DataSetOptions& options);

}  // namespace ferv::data
