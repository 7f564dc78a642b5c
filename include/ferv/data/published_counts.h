// SPDX-License-Identifier: Apache-2.0
// How many clips the FERV39k release has in each cell of scene, expression and split.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ferv::data {

inline constexpr int kPublishedTrainClips = 31088;
inline constexpr int kPublishedTestClips = 7847;

/// Train and test clips of a scene together, by expression in the order of expression_names().
struct PublishedScene {
  std::string_view name;
  std::array<int, 7> clips;
};

/// The 22 scenes, alphabetical. Counted from the release's lists as several projects publish them.
[[nodiscard]] std::span<const PublishedScene> published_scenes();

/// Of a cell of `clips`, how many are test clips: ceil(0.2 clips), in all 154 cells of the release.
[[nodiscard]] constexpr int published_test_clips(int clips) {
  return (clips + 4) / 5;
}

}  // namespace ferv::data
