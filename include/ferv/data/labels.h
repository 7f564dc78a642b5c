// SPDX-License-Identifier: Apache-2.0
// The seven expressions, the 22 scenes and the 4 scenarios of FERV39k, by name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::data {

/// Happy, Sad, Neutral, Angry, Surprise, Disgust, Fear = 0..6: the order everywhere in ferv.
[[nodiscard]] std::span<const std::string> expression_names();

/// The index of a class name in `classes`, exact spelling. nullopt when it is not there.
[[nodiscard]] std::optional<int> class_index(std::span<const std::string> classes, std::string_view name);

/// The classes of a told order, for files that bear numbers: "dfew" (also FERV39k's usual order: that of
/// expression_names()), "alphabetical", "neutral-last" (alphabetical, then Neutral), or names separated by
/// commas. Throws kInvalidArgument for one name, an empty one, or one that stands twice.
[[nodiscard]] std::vector<std::string> class_order(std::string_view text);

/// The 22 scenes as their folders are spelled, in alphabetical order.
[[nodiscard]] std::span<const std::string> scene_names();

struct Scenario {
  std::string short_name;  ///< "DL11k"
  std::string full_name;   ///< "Daily Life"
  std::vector<std::string> scenes;
};

/// DL11k, WIS9k, SIA10k, AI9k with their scenes (CVPR 2022 page, hierarchy figure).
[[nodiscard]] std::span<const Scenario> scenarios();

/// The scenario short name of a scene folder, or "" for a scene that is not one of the 22.
[[nodiscard]] std::string_view scenario_of(std::string_view scene);

/// True when `part` is this scene, or the short name of its scenario.
[[nodiscard]] bool is_part_of(std::string_view scene, std::string_view part);

}  // namespace ferv::data
