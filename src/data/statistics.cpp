// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/statistics.h"

#include <algorithm>
#include <map>

#include "ferv/data/labels.h"

namespace ferv::data {
namespace {

constexpr std::size_t kSplitCount = 3;

ClassCounts empty_counts(std::string name, std::size_t class_count) {
  return {std::move(name),
          std::vector<std::vector<std::int64_t>>(kSplitCount, std::vector<std::int64_t>(class_count, 0))};
}

void describe_frames(const ClipIndex& index, Statistics& result) {
  std::vector<std::int32_t> counts;
  for (const Clip& clip : index.clips) {
    if (clip.frame_count > 0) counts.push_back(clip.frame_count);
    result.frame_total += clip.frame_count;
  }
  result.clips_without_frames = static_cast<std::int64_t>(index.clips.size() - counts.size());
  if (counts.empty()) return;
  std::sort(counts.begin(), counts.end());
  result.frame_min = counts.front();
  result.frame_max = counts.back();
  result.frame_median = (counts[(counts.size() - 1) / 2] + counts[counts.size() / 2]) / 2.0;
}

}  // namespace

Statistics statistics(const ClipIndex& index) {
  const std::size_t class_count = index.classes.size();
  Statistics result;
  result.classes = index.classes;
  result.all = empty_counts("all", class_count);
  std::map<std::string, ClassCounts> by_scene;
  std::map<std::string, ClassCounts> by_scenario;
  for (const Clip& clip : index.clips) {
    const std::string scene(scene_of(clip));
    const std::string scenario(scenario_of(scene));
    const auto split = static_cast<std::size_t>(clip.split);
    const auto label = static_cast<std::size_t>(clip.label);
    ++result.all.counts[split][label];
    if (!scene.empty())
      ++by_scene.try_emplace(scene, empty_counts(scene, class_count)).first->second.counts[split][label];
    if (!scenario.empty())
      ++by_scenario.try_emplace(scenario, empty_counts(scenario, class_count))
            .first->second.counts[split][label];
  }
  for (const Scenario& scenario : scenarios()) {
    const auto found = by_scenario.find(scenario.short_name);
    if (found != by_scenario.end()) result.scenarios.push_back(found->second);
  }
  for (auto& [name, counts] : by_scene) result.scenes.push_back(counts);
  describe_frames(index, result);
  return result;
}

}  // namespace ferv::data
