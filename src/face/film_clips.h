// SPDX-License-Identifier: Apache-2.0
// Which films lie below the inputs, and which clip of the data set each of them becomes.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ferv/face/crop_films.h"

namespace ferv::face {

/// The folder of clips whose label is not known.
inline constexpr const char* kUnlabelled = "Unlabelled";

struct FilmClip {
  std::filesystem::path source;  ///< absolute
  std::string scene;
  std::string label;  ///< empty: none of the classes
  std::string id;     ///< "War/Sad/0007"
};

/// All films below the inputs, in the order of their ids. `known` holds the ids given by earlier runs, by
/// source. Throws as crop_films() does.
[[nodiscard]] std::vector<FilmClip> find_film_clips(const CropFilmsOptions& options,
                                                    const std::map<std::string, std::string>& known);

}  // namespace ferv::face
