// SPDX-License-Identifier: Apache-2.0
// Clips that lie in folders named by their class, as folders of frames or as films.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/data/clip_index.h"

namespace ferv::data {

/// Entries of `folder` that are clips, sorted: sub-folders, and films.
struct ClipEntry {
  std::string name;
  bool is_film = false;
};
[[nodiscard]] std::vector<ClipEntry> clip_entries(const std::filesystem::path& folder);

/// Says which class a folder stands for; nullopt when it stands for none.
using ClassOfFolder = std::function<std::optional<int>(const std::string& folder_name)>;

/// Appends a clip. Sets ClipIndex::clips_are_films. Throws kCorruptData for a film beside folders of frames,
/// and for over 10 million clips.
void append_clip(ClipIndex& index, Clip clip, bool is_film);

/// Appends the clips in the class folders of `index.face_folder / below`; ids are below index.face_folder.
/// Throws as append_clip() does.
void append_class_tree(ClipIndex& index, const std::string& below, Split split,
                       const ClassOfFolder& class_of_folder);

}  // namespace ferv::data
