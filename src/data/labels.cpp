// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/labels.h"

#include <algorithm>
#include <array>

#include "ferv/base/error.h"
#include "list_lines.h"

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

std::vector<std::string> class_order(std::string_view text) {
  const auto own = expression_names();
  std::vector<std::string> names(own.begin(), own.end());
  if (text == "dfew") return names;
  std::sort(names.begin(), names.end());
  if (text == "alphabetical") return names;
  if (text == "neutral-last") {
    std::stable_partition(names.begin(), names.end(), [](const auto& name) { return name != "Neutral"; });
    return names;
  }
  names.clear();
  for (const std::string_view name : split_fields(text, ',')) {
    if (name.empty()) throw invalid_argument("a class without a name among the classes");
    if (std::find(names.begin(), names.end(), name) != names.end())
      throw invalid_argument("class '" + std::string(name) + "' stands twice among the classes");
    names.emplace_back(name);
  }
  if (names.size() < 2) {
    throw invalid_argument("order of classes is '" + std::string(text.substr(0, 60)) +
                           "', wanted dfew, alphabetical, neutral-last, or names separated by commas");
  }
  return names;
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

bool is_part_of(std::string_view scene, std::string_view part) {
  return scene == part || scenario_of(scene) == part;
}

}  // namespace ferv::data
