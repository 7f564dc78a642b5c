// SPDX-License-Identifier: Apache-2.0
// Which clips a synthetic data set has: cells, splits, people and lengths, before anything is rendered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/synth/names.h"

namespace ferv::synth {

/// How many clips one (scene, expression) cell has.
struct CellCount {
  std::size_t scene = 0;  ///< position in scene_names()
  Expression expression = Expression::kNeutral;
  int train = 0;
  int test = 0;

  friend bool operator==(const CellCount&, const CellCount&) = default;
};

struct PlannedClip {
  std::size_t scene = 0;
  Expression expression = Expression::kNeutral;
  int number = 0;  ///< 0 to n-1 within the cell
  bool is_test = false;
  int frame_count = 0;
  /// Which person it shows. People of test clips are in no train clip.
  std::size_t identity = 0;

  /// "War/Sad/0007".
  [[nodiscard]] std::string path() const;
};

/// FERV39k's rule for a cell of `clips`: ceil(0.2 clips), the same in all 154 cells of the release.
[[nodiscard]] int test_count(int clips);

/// The same number of clips in each cell of `scenes`, split by test_count(). Throws kInvalidArgument below 2
/// clips (a cell needs one for train and one for test) or over 10,000 (numbers have four digits).
[[nodiscard]] std::vector<CellCount> equal_counts(std::span<const std::size_t> scenes, int clips_per_cell);

/// Reads a table `scenario,scene,class,train,test` with that header; rows of other scenes than `scenes` are
/// checked and left out. Throws kNotFound; kCorruptData with file and line for unknown names, doubled cells
/// and numbers that are none; kInvalidArgument when a wanted scene has no train or no test clip.
[[nodiscard]] std::vector<CellCount> read_counts(const std::filesystem::path& path,
                                                 std::span<const std::size_t> scenes);
/// The same from memory; `path` is for messages.
[[nodiscard]] std::vector<CellCount> parse_counts(std::string_view text, const std::filesystem::path& path,
                                                  std::span<const std::size_t> scenes);

/// All clips, ordered by cell and number. Which numbers go to test, who is shown and how long a clip is
/// follow from `seed`; lengths have the histogram of the release.
[[nodiscard]] std::vector<PlannedClip> plan_clips(std::span<const CellCount> cells, std::uint64_t seed);

/// The lines `Scene/Emotion/NNNN Emotion` of one split, shuffled; of one scene, or of all.
[[nodiscard]] std::string annotation_text(std::span<const PlannedClip> clips, bool test,
                                          std::optional<std::size_t> scene, std::uint64_t seed);

}  // namespace ferv::synth
