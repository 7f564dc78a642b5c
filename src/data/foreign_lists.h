// SPDX-License-Identifier: Apache-2.0
// Reads the lists that other projects have made of FERV39k, DFEW and their own data: `path frames label`,
// `path label`, `path,label`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "layout_reader.h"

namespace ferv::data {

/// The clips of DataSetOptions::train_list and test_list, with frames below `folder`. Numbers are labels by
/// DataSetOptions::label_order. Without one they are taken where each clip lies in a folder that bears the
/// name of an expression, and refused elsewhere. Where a clip's folder bears the name of another class than
/// the number gives, the order is refused: it is the wrong one.
[[nodiscard]] ClipIndex read_foreign_lists(const std::filesystem::path& folder,
                                           const DataSetOptions& options);

struct ListedClip {
  std::string id;  ///< below the frame folder
  int label = 0;
};

/// One list. `classes` are the names by number; `has_order` says whether numbers may stand for them. Of a
/// path that leads to somebody's disk, what follows the face crops' folder counts, or else the last three
/// parts. Throws kCorruptData with file and line; kInvalidArgument for numbers whose
/// meaning neither an order nor the folders tell.
[[nodiscard]] std::vector<ListedClip> parse_foreign_list(std::string_view text,
                                                         const std::filesystem::path& path,
                                                         const std::vector<std::string>& classes,
                                                         bool has_order);

}  // namespace ferv::data
