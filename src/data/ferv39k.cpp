// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/ferv39k.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>

#include "clip_folder.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/parallel.h"
#include "ferv/base/random.h"
#include "ferv/data/annotation.h"
#include "ferv/data/labels.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The child of `folder` whose name equals one of `names` without regard to case; empty when there is none.
fs::path child_named(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string found = lower(entry.path().filename().string());
    for (const char* name : names) {
      if (found == lower(name) && entry.is_directory(ignored)) return entry.path();
    }
  }
  return {};
}

/// The folder at or below `root` that holds 4_setups: unzipping often nests it (FERV39k/FERV39k).
fs::path find_release(const fs::path& root, int depth) {
  if (!child_named(root, {"4_setups"}).empty()) return root;
  if (depth == 0) return {};
  std::error_code ignored;
  std::vector<fs::path> children;
  for (const auto& entry : fs::directory_iterator(root, ignored)) {
    if (entry.is_directory(ignored)) children.push_back(entry.path());
  }
  std::sort(children.begin(), children.end());
  for (const fs::path& child : children) {
    const fs::path found = find_release(child, depth - 1);
    if (!found.empty()) return found;
  }
  return {};
}

/// A frame folder, passing through one nesting of the same name (2_ClipsforFaceCrop/2_ClipsforFaceCrop).
fs::path frame_folder(const fs::path& release, std::initializer_list<const char*> names) {
  const fs::path folder = child_named(release, names);
  if (folder.empty()) return {};
  const fs::path nested = child_named(folder, names);
  return nested.empty() ? folder : nested;
}

/// True when `scene` belongs to the setup "all", a scene or a scenario.
bool is_in_setup(std::string_view setup, std::string_view scene) {
  return setup == "all" || setup == scene || setup == scenario_of(scene);
}

void validate_setup(const std::string& setup) {
  std::vector<std::string> names = {"all"};
  for (const Scenario& scenario : scenarios()) names.push_back(scenario.short_name);
  names.insert(names.end(), scene_names().begin(), scene_names().end());
  if (std::find(names.begin(), names.end(), setup) != names.end()) return;
  const std::string near = nearest_word(setup, names);
  throw invalid_argument("setup is '" + setup + "', wanted all, a scenario (DL11k ...) or a scene" +
                         (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

void append_list(ClipIndex& index, const fs::path& path, Split split) {
  for (const AnnotationLine& line : read_annotation(path)) {
    Clip clip;
    clip.id = line.clip;
    clip.label = class_index(index.classes, line.label).value();
    clip.split = split;
    index.clips.push_back(std::move(clip));
  }
}

void refuse_duplicates(const ClipIndex& index, const fs::path& setups) {
  std::unordered_map<std::string_view, const Clip*> seen;
  for (const Clip& clip : index.clips) {
    const auto [at, is_new] = seen.emplace(clip.id, &clip);
    if (!is_new) {
      throw corrupt_data(setups, "clip " + clip.id + " is listed twice (" +
                                     std::string(to_string(at->second->split)) + " and " +
                                     std::string(to_string(clip.split)) + ")");
    }
  }
}

}  // namespace

ClipIndex read_ferv39k(const fs::path& root, const Ferv39kOptions& options) {
  validate_setup(options.setup);
  if (!fs::exists(root)) throw not_found(root, "a folder with a FERV39k release");
  ClipIndex index;
  index.root = find_release(root, 3);
  if (index.root.empty())
    throw not_found(root / "4_setups", "the FERV39k release's lists (at most three folders down)");
  index.classes.assign(expression_names().begin(), expression_names().end());
  index.face_folder = frame_folder(index.root, {"2_ClipsforFaceCrop", "2_ClipforFaceCrop"});
  index.scene_folder = frame_folder(index.root, {"3_ClipsforScenImages", "3_ClipsforSceneImages"});
  index.flow_folder = frame_folder(index.root, {"5_OpticalFlow"});

  const fs::path setups = child_named(index.root, {"4_setups"});
  const fs::path lists = child_named(setups, {"All_scenes"});
  if (lists.empty()) throw not_found(setups / "All_scenes", "train_All.csv and test_All.csv");
  append_list(index, lists / "train_All.csv", Split::kTrain);
  append_list(index, lists / "test_All.csv", Split::kTest);
  refuse_duplicates(index, setups);
  std::erase_if(index.clips, [&](const Clip& clip) { return !is_in_setup(options.setup, scene_of(clip)); });
  if (index.clips.empty()) throw corrupt_data(lists, "no clip belongs to setup " + options.setup);

  if (options.scan_frames) {
    if (index.face_folder.empty()) throw not_found(index.root / "2_ClipsforFaceCrop", "the face crops");
    parallel_for(index.clips.size(), options.threads,
                 [&](std::size_t i) { scan_clip_folder(index.face_folder, index.clips[i]); });
  }
  return index;
}

void hold_out_validation(ClipIndex& index, double fraction, std::uint64_t seed) {
  if (!(fraction >= 0.0 && fraction < 1.0)) {
    throw invalid_argument("validation fraction is " + std::to_string(fraction) + ", wanted 0 to below 1");
  }
  if (fraction == 0.0) return;
  std::map<std::pair<std::string, std::int32_t>, std::vector<std::pair<std::uint64_t, Clip*>>> cells;
  for (Clip& clip : index.clips) {
    if (clip.split != Split::kTrain) continue;
    cells[{std::string(scene_of(clip)), clip.label}].emplace_back(derive_seed(seed, clip.id), &clip);
  }
  for (auto& [cell, members] : cells) {
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second->id < b.second->id;
    });
    const auto wanted =
        static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(members.size()) - 1e-9));
    const std::size_t count = std::min(wanted, members.size() - 1);
    for (std::size_t i = 0; i < count; ++i) members[i].second->split = Split::kValidation;
  }
}

}  // namespace ferv::data
