// SPDX-License-Identifier: Apache-2.0
// Are these results of exactly the clips that they should be of? What is missing, twice or foreign is refused
// or counted, never passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ferv/data/annotation.h"
#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

enum class Problems {
  kRefuse,  ///< kCorruptData that counts them and names the first
  kCount,   ///< the first row of a clip counts, foreign ones are left out; all are listed
};

/// Clip ids, each list in the order of its file.
struct Coverage {
  std::optional<std::int64_t> wanted_count;  ///< clips of the list; nullopt without one
  std::vector<std::string> missing;
  std::vector<std::string> duplicated;  ///< one entry a row that is too many
  std::vector<std::string> foreign;     ///< clips that the list does not hold
  [[nodiscard]] bool is_clean() const { return missing.empty() && duplicated.empty() && foreign.empty(); }
};

/// Holds `results` against a list (empty: duplicates alone are looked for) and leaves in it one row a clip of
/// the list. Throws kCorruptData for a label that the list contradicts, under kRefuse for any problem, and
/// when no clip is left. `name` is what messages call the results.
[[nodiscard]] Coverage audit(Results& results, std::span<const data::AnnotationLine> list, Problems problems,
                             const std::string& name);

}  // namespace ferv::evaluation
