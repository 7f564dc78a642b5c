// SPDX-License-Identifier: Apache-2.0
#include "setup_filter.h"

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/data/labels.h"

namespace ferv::data {

bool is_in_setup(std::string_view setup, std::string_view scene) {
  return setup == "all" || is_part_of(scene, setup);
}

void keep_setup(ClipIndex& index, const std::string& setup) {
  if (setup == "all") return;
  const bool is_scenario = std::any_of(scenarios().begin(), scenarios().end(),
                                       [&](const Scenario& s) { return s.short_name == setup; });
  const bool is_scene = std::any_of(index.clips.begin(), index.clips.end(),
                                    [&](const Clip& clip) { return scene_of(clip) == setup; });
  if (!is_scenario && !is_scene)
    throw invalid_argument("setup is '" + setup +
                           "', wanted all, a scenario (DL11k ...) or a scene of the pack");
  std::erase_if(index.clips, [&](const Clip& clip) { return !is_in_setup(setup, scene_of(clip)); });
}

}  // namespace ferv::data
