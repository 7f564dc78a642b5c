// SPDX-License-Identifier: Apache-2.0
// Any data set that ferv can read, by one call: the layout is given by name or recognised by what lies there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ferv/data/clip_index.h"

namespace ferv::data {

struct DataSetOptions {
  /// One of layout_names(), or "auto": the one layout whose folders and lists are found.
  std::string layout = "auto";
  /// Of FERV39k: "all", one of the 22 scenes, or one of the 4 scenario short names. Others know only "all".
  std::string setup = "all";
  /// Of layouts with folds, counted from 1: its test part is Split::kTest, all else Split::kTrain. 0: the
  /// first fold, and the only value for layouts that have none.
  int fold = 0;
  /// Of DFEW: "full", or "16f" for the copy that is interpolated to 16 frames. Others know only "full".
  std::string clips = "full";
  /// Of lists that bear numbers, and of a user's own classes: their order, see class_order(). Empty: not
  /// said.
  std::string label_order{};
  std::filesystem::path train_list{};  ///< of layout lists
  std::filesystem::path test_list{};   ///< of layout lists
  /// Look at the frame folders. Without it frame_count stays 0 (enough for label statistics).
  bool scan_frames = true;
  int threads = 0;  ///< 0 = all cores this process may use
};

/// "ferv39k", "dfew", "mafw", "afew", "caer", "crema-d", "ravdess"; and those that are never recognised, only
/// named: "csv", "folders", "lists".
[[nodiscard]] std::vector<std::string> layout_names();

/// The layout that lies in `root` or at most three folders below it. Throws kNotFound when none is recognised
/// (naming those that are known), kCorruptData when several are (naming them): ferv does not guess.
[[nodiscard]] std::string recognise_layout(const std::filesystem::path& root);

/// Indexes a data set: clips are folders of frames, or films, which can be listed and not scanned. Clips
/// whose folder is missing or empty stay in the index with frame_count 0. Throws kInvalidArgument for unknown
/// names, and for options that the layout has no use for; kNotFound for missing folders and lists;
/// kUnsupported for scanning films; kCorruptData for lists that cannot be read (with file and line), and
/// clips named twice.
[[nodiscard]] ClipIndex read_data_set(const std::filesystem::path& root, const DataSetOptions& options);

}  // namespace ferv::data
