// SPDX-License-Identifier: Apache-2.0
// Reads a user's own data: a table of clips, or folders by class.
#pragma once

#include <filesystem>
#include <string_view>

#include "layout_reader.h"

namespace ferv::data {

/// `clips.csv` in `folder`, with a header and the columns clip (a folder below `folder`) and label (a name),
/// and if wanted split (train, val, test; without it all is train) and subject (who is shown), in any order.
/// Classes are DataSetOptions::label_order where it is given, else the labels in alphabetical order.
[[nodiscard]] ClipIndex read_clip_table(const std::filesystem::path& folder, const DataSetOptions& options);

/// The table from memory into `index`, whose classes must be given or empty; `path` is for messages.
void parse_clip_table(std::string_view text, const std::filesystem::path& path, ClipIndex& index);

/// <class>/<clip> for training, or {train,val,test}/<class>/<clip>; clips are folders of frames, or films.
/// Classes are DataSetOptions::label_order where it is given, else the folders in alphabetical order.
[[nodiscard]] ClipIndex read_class_folders(const std::filesystem::path& folder,
                                           const DataSetOptions& options);

}  // namespace ferv::data
