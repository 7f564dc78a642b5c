// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/labels.h"

#include <algorithm>
#include <array>

namespace ferv::data {

std::span<const std::string> expression_names() {
  static const std::array<std::string, 7> kNames = {"Happy",    "Sad",     "Neutral", "Angry",
                                                    "Surprise", "Disgust", "Fear"};
  return kNames;
}

std::optional<int> class_index(std::span<const std::string> classes, std::string_view name) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end()) return std::nullopt;
  return static_cast<int>(found - classes.begin());
}

std::span<const std::string> scene_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Scenario& scenario : scenarios())
      names.insert(names.end(), scenario.scenes.begin(), scenario.scenes.end());
    std::sort(names.begin(), names.end());
    return names;
  }();
  return kNames;
}

std::span<const Scenario> scenarios() {
  static const std::array<Scenario, 4> kScenarios = {{
      {"DL11k", "Daily Life", {"Argue", "Conflict", "DailyLife", "Medicine", "School", "Social"}},
      {"WIS9k",
       "Weak-Interactive Shows",
       {"Action", "ElegantArt", "Liveshow", "ScholarReport", "Speech", "Talkshow"}},
      {"SIA10k",
       "Strong-Interactive Activities",
       {"Business", "Contest", "Crime", "Experiment", "Interview", "OfficialEvent"}},
      {"AI9k", "Anomaly Issues", {"Crisis", "History", "Terror", "War"}},
  }};
  return kScenarios;
}

std::string_view scenario_of(std::string_view scene) {
  for (const Scenario& scenario : scenarios()) {
    if (std::find(scenario.scenes.begin(), scenario.scenes.end(), scene) != scenario.scenes.end())
      return scenario.short_name;
  }
  return {};
}

}  // namespace ferv::data
