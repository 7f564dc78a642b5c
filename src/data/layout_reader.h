// SPDX-License-Identifier: Apache-2.0
// One row a layout: how it is recognised and read.
#pragma once

#include <filesystem>
#include <span>

#include "ferv/data/data_set.h"

namespace ferv::data {

struct LayoutReader {
  const char* name;
  /// Whether a data set of this layout lies in `folder` itself, told by names alone.
  bool (*lies_in)(const std::filesystem::path& folder);
  /// Lists and labels of the data set in `folder`; frames are scanned by read_data_set().
  ClipIndex (*read)(const std::filesystem::path& folder, const DataSetOptions& options);
  int fold_count = 0;            ///< 0: the layout has no folds
  const char* marker = "";       ///< what lies_in() looks for, for messages
  bool is_by_name_only = false;  ///< lies anywhere, so it is never recognised
  bool takes_order = false;      ///< takes DataSetOptions::label_order
  bool takes_lists = false;      ///< takes DataSetOptions::train_list and test_list
  bool has_setups = false;       ///< takes DataSetOptions::setup
  bool has_16_frames = false;    ///< takes DataSetOptions::clips "16f"
};

[[nodiscard]] std::span<const LayoutReader> layout_readers();

/// Throws kCorruptData, naming `lists`, when a clip id is there twice.
void refuse_duplicates(const ClipIndex& index, const std::filesystem::path& lists);

}  // namespace ferv::data
