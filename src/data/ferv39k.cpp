// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/ferv39k.h"

#include <algorithm>
#include <string>

#include "clip_folder.h"
#include "ferv/base/error.h"
#include "ferv/base/parallel.h"
#include "ferv/data/annotation.h"
#include "ferv/data/labels.h"
#include "layout_reader.h"
#include "release_folders.h"
#include "setup_filter.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

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

/// The lists of all scenes, or where the release lacks them those scene by scene.
void append_lists(ClipIndex& index, const fs::path& setups) {
  const fs::path all = child_named(setups, {"All_scenes"});
  const fs::path by_scene = child_named(setups, {"22_scenes"});
  if (all.empty() && by_scene.empty())
    throw not_found(setups / "All_scenes",
                    "train_All.csv and test_All.csv, or 22_scenes with the same by scene");
  for (const Split split : {Split::kTrain, Split::kTest}) {
    const std::string prefix = std::string(to_string(split)) + "_";
    if (!all.empty()) {
      append_list(index, all / (prefix + "All.csv"), split);
      continue;
    }
    for (const std::string& scene : scene_names()) {
      const fs::path list = by_scene / (prefix + scene + ".csv");
      if (fs::exists(list)) append_list(index, list, split);
    }
  }
}

}  // namespace

ClipIndex read_ferv39k(const fs::path& root, const Ferv39kOptions& options) {
  validate_setup(options.setup);
  if (!fs::exists(root)) throw not_found(root, "a folder with a FERV39k release");
  ClipIndex index;
  index.layout = "ferv39k";
  index.root =
      find_folder(root, 3, [](const fs::path& folder) { return !child_named(folder, {"4_setups"}).empty(); });
  if (index.root.empty())
    throw not_found(root / "4_setups", "the FERV39k release's lists (at most three folders down)");
  index.classes.assign(expression_names().begin(), expression_names().end());
  index.face_folder = nested_child_named(index.root, {"2_ClipsforFaceCrop", "2_ClipforFaceCrop"});
  index.scene_folder = nested_child_named(index.root, {"3_ClipsforScenImages", "3_ClipsforSceneImages"});
  index.flow_folder = nested_child_named(index.root, {"5_OpticalFlow"});

  const fs::path setups = child_named(index.root, {"4_setups"});
  append_lists(index, setups);
  refuse_duplicates(index, setups);
  std::erase_if(index.clips, [&](const Clip& clip) { return !is_in_setup(options.setup, scene_of(clip)); });
  if (index.clips.empty()) throw corrupt_data(setups, "no clip belongs to setup " + options.setup);

  if (options.scan_frames) {
    if (index.face_folder.empty()) throw not_found(index.root / "2_ClipsforFaceCrop", "the face crops");
    parallel_for(index.clips.size(), options.threads,
                 [&](std::size_t i) { scan_clip_folder(index.face_folder, index.clips[i]); });
  }
  return index;
}

}  // namespace ferv::data
