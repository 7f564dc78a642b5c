// SPDX-License-Identifier: Apache-2.0
#include "class_tree.h"

#include <algorithm>
#include <system_error>

#include "ferv/base/error.h"
#include "ferv/media/file_names.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kClipLimit = 10'000'000;

}  // namespace

std::vector<ClipEntry> clip_entries(const fs::path& folder) {
  std::vector<ClipEntry> clips;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    const std::string name = entry->path().filename().string();
    if (name.starts_with(".")) continue;
    const bool is_folder = entry->is_directory(ignored);
    if (is_folder || media::is_film_name(name)) clips.push_back({name, !is_folder});
  }
  std::sort(clips.begin(), clips.end(),
            [](const ClipEntry& a, const ClipEntry& b) { return a.name < b.name; });
  return clips;
}

void append_clip(ClipIndex& index, Clip clip, bool is_film) {
  if (!index.clips.empty() && is_film != index.clips_are_films) {
    throw corrupt_data(index.face_folder / clip.id,
                       "films and folders of frames lie side by side, wanted one kind in a data set");
  }
  if (index.clips.size() == kClipLimit)
    throw corrupt_data(index.face_folder, "has over 10 million clips, which is the limit");
  index.clips_are_films = is_film;
  index.clips.push_back(std::move(clip));
}

void append_class_tree(ClipIndex& index, const std::string& below, Split split,
                       const ClassOfFolder& class_of_folder) {
  const fs::path folder = index.face_folder / below;
  for (const fs::path& class_folder : sub_folders(folder)) {
    const std::string name = class_folder.filename().string();
    const std::optional<int> label = class_of_folder(name);
    if (!label) continue;
    for (const ClipEntry& entry : clip_entries(class_folder)) {
      Clip clip;
      clip.id = (below.empty() ? "" : below + "/") + name + "/" + entry.name;
      clip.label = *label;
      clip.split = split;
      append_clip(index, std::move(clip), entry.is_film);
    }
  }
}

}  // namespace ferv::data
