// SPDX-License-Identifier: Apache-2.0
// Class labels of other programs' files: a number in a told order, or a name.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "csv.h"

namespace ferv::evaluation {

/// Looks words up among the classes: numbers counted from `first_index`, or names in any case.
class ClassWords {
 public:
  ClassWords(const std::vector<std::string>& classes, int first_index);
  /// Throws kCorruptData at `place` for a word that is neither.
  [[nodiscard]] int class_of(const std::string& word, const CsvPlace& place) const;

 private:
  std::unordered_map<std::string, int> index_of_;
  std::string wanted_;
};

}  // namespace ferv::evaluation
