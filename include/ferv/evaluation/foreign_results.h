// SPDX-License-Identifier: Apache-2.0
// Results that other programs wrote: tables, lists, dumps of views, confusion matrices. The order of their
// classes is told, never guessed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

enum class ForeignFormat {
  kTable,  ///< CSV; ForeignOptions::columns says what is where
  kList,   ///< `path predicted label`, separated by blanks, no header
  kViews,  ///< `path [logits] label chunk split` after a line of two numbers: MAE-DFER, S2D, VideoMAE
};

struct ForeignOptions {
  ForeignFormat format = ForeignFormat::kTable;
  /// Names in the order of the file's class numbers.
  std::vector<std::string> classes;
  /// The number of the first class: 1 in DFEW's own files, 0 in everything that trains on them.
  int first_index = 0;
  /// Role -> column. Roles: clip, label, predicted, probabilities, logits. A column is a name of the header,
  /// or, when all are whole numbers, a position from 1 in a file without header. Scores are one column that
  /// holds a list ("[0.1, 0.9]") or K columns joined by '+', in class order. `predicted` may be left out
  /// where scores are.
  std::map<std::string, std::string> columns;
};

/// "role=column,role=column" as ForeignOptions::columns. Throws kInvalidArgument for an unknown or missing
/// role.
[[nodiscard]] std::map<std::string, std::string> column_map(std::string_view text);

/// `Scene/Emotion/NNNN` where a path ends in one (ending .mp4 and back slashes understood), else the path.
[[nodiscard]] std::string clip_of_path(std::string_view path);

/// Reads a file of any of the formats; clips may stand in it twice (see audit.h). Classes that are the seven
/// of FERV39k come back in ferv's order. Logits become probabilities by softmax; views of a clip are averaged
/// after it, a view that stands in the file again (padding of distributed samplers) is counted in
/// `facts["repeated_views"]`. Throws kNotFound, kInvalidArgument for options that name no class or column,
/// and kCorruptData with the line number; among that a label that the clip's own folder contradicts, as a
/// wrong order of classes shows itself.
[[nodiscard]] Results read_foreign_results(const std::filesystem::path& path, const ForeignOptions& options);

/// K x K counts, rows = truth, in any layout of brackets, commas and blanks, as numpy and scikit-learn print
/// them. Throws kCorruptData for another count of numbers, or numbers that are no whole counts.
[[nodiscard]] ConfusionMatrix read_confusion_matrix(const std::filesystem::path& path,
                                                    const std::vector<std::string>& classes);
/// The same matrix, and `classes` with it, in ferv's order where the classes are FERV39k's seven.
void put_in_own_order(std::vector<std::string>& classes, ConfusionMatrix& matrix);

}  // namespace ferv::evaluation
