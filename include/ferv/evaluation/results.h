// SPDX-License-Identifier: Apache-2.0
// Result files: what a model said about each clip, as CSV, with the facts of the run as JSON beside it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ferv::evaluation {

/// One clip. Class indices point into Results::classes.
struct ResultRow {
  std::string clip;
  int label = 0;
  int predicted = 0;
  std::vector<double> probabilities;  ///< [K], sum 1; empty when the file has none
};

/// A result file in memory.
struct Results {
  std::vector<std::string> classes;
  std::vector<ResultRow> rows;
  /// model, weights_hash, split, protocol, ferv_version, ...: the JSON beside the CSV. May be empty.
  std::map<std::string, std::string> facts;
};

/// Whether a clip may stand twice in a file that is read; see audit.h for what then becomes of it.
enum class Duplicates { kRefuse, kKeep };

/// Reads `clip,label,predicted,<class>...` (labels by name). Classes come from the header. The JSON of the
/// same name is read when it is there. Throws kNotFound, or kCorruptData with line number: unknown class,
/// wrong number of fields, a clip or class twice, probabilities outside [0, 1] or not summing to 1 +- 0.01,
/// no rows; or for a JSON that is no object.
[[nodiscard]] Results read_results(const std::filesystem::path& path,
                                   Duplicates duplicates = Duplicates::kRefuse);

/// Writes the CSV and the JSON (same stem, .json), each atomically. Probabilities with 6 decimals. Throws
/// kInvalidArgument for a path that ends in .json.
void write_results(const std::filesystem::path& path, const Results& results);

}  // namespace ferv::evaluation
