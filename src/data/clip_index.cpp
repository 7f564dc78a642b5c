// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/clip_index.h"

#include <algorithm>
#include <cstdio>

#include "ferv/base/error.h"
#include "ferv/base/hash.h"
#include "ferv/data/labels.h"

namespace ferv::data {

std::string_view to_string(Split split) noexcept {
  switch (split) {
    case Split::kTrain:
      return "train";
    case Split::kValidation:
      return "val";
    case Split::kTest:
      return "test";
  }
  return "train";
}

Split split_from_name(std::string_view name) {
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    if (name == to_string(split)) return split;
  }
  throw invalid_argument("split is '" + std::string(name) + "', wanted train, val or test");
}

std::string_view scene_of(const Clip& clip) {
  const std::string_view id = clip.id;
  if (std::count(id.begin(), id.end(), '/') != 2) return {};
  const std::string_view first = id.substr(0, id.find('/'));
  const auto scenes = scene_names();
  return std::find(scenes.begin(), scenes.end(), first) == scenes.end() ? std::string_view() : first;
}

std::filesystem::path frame_path(const std::filesystem::path& folder, const Clip& clip, int frame) {
  if (!clip.frame_names.empty())
    return folder / clip.id / clip.frame_names.at(static_cast<std::size_t>(frame));
  char name[16];
  std::snprintf(name, sizeof name, "%02d.jpg", frame);
  return folder / clip.id / name;
}

std::vector<std::size_t> clips_of(const ClipIndex& index, Split split) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < index.clips.size(); ++i) {
    if (index.clips[i].split == split) positions.push_back(i);
  }
  return positions;
}

std::string fingerprint(const ClipIndex& index) {
  std::string text;
  for (const std::string& name : index.classes) text += name + ",";
  for (const Clip& clip : index.clips) {
    text += "\n" + clip.id + " " + std::to_string(clip.label) + " " + std::to_string(clip.frame_count) + " " +
            std::string(to_string(clip.split));
  }
  return hash_bytes(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace ferv::data
