// SPDX-License-Identifier: Apache-2.0
// Orders of classes by name, column maps, and class labels as words; see foreign_results.h.
#include "class_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ferv/base/error.h"
#include "ferv/base/lower_case.h"
#include "ferv/evaluation/foreign_results.h"

namespace ferv::evaluation {
namespace {

std::vector<std::string> words_between_commas(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    parts.emplace_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

}  // namespace

ClassWords::ClassWords(const std::vector<std::string>& classes, int first_index) {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    index_of_[lower_case(classes[k])] = static_cast<int>(k);
    index_of_[std::to_string(first_index + static_cast<int>(k))] = static_cast<int>(k);
  }
  wanted_ = fmt::format("{} to {}, or {}", first_index, first_index + static_cast<int>(classes.size()) - 1,
                        fmt::join(classes, ", "));
}

int ClassWords::class_of(const std::string& word, const CsvPlace& place) const {
  const std::size_t from = word.find_first_not_of(' ');
  const std::size_t to = word.find_last_not_of(' ');
  const std::string trimmed = from == std::string::npos ? "" : word.substr(from, to - from + 1);
  const auto found = index_of_.find(lower_case(trimmed));
  if (found == index_of_.end())
    throw place.error(fmt::format("class is '{}', wanted {}", trimmed.substr(0, 40), wanted_));
  return found->second;
}

std::map<std::string, std::string> column_map(std::string_view text) {
  static const std::vector<std::string> kRoles = {"clip", "label", "predicted", "probabilities", "logits"};
  std::map<std::string, std::string> columns;
  for (const std::string& part : words_between_commas(text)) {
    const std::size_t equals = part.find('=');
    const std::string role = part.substr(0, equals);
    if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end())
      throw invalid_argument(fmt::format("unknown role '{}' of a column, wanted {}", role.substr(0, 40),
                                         fmt::join(kRoles, ", ")));
    if (equals == std::string::npos || equals + 1 == part.size())
      throw invalid_argument("role '" + role + "' has no column, wanted " + role + "=COLUMN");
    if (!columns.emplace(role, part.substr(equals + 1)).second)
      throw invalid_argument("role '" + role + "' stands twice among the columns");
  }
  for (const char* role : {"clip", "label"}) {
    if (!columns.contains(role))
      throw invalid_argument(fmt::format("no column for '{}', wanted {}=COLUMN", role, role));
  }
  const bool has_scores = columns.contains("probabilities") || columns.contains("logits");
  if (!columns.contains("predicted") && !has_scores)
    throw invalid_argument("no column for 'predicted', wanted predicted=, probabilities= or logits=");
  if (columns.contains("probabilities") && columns.contains("logits"))
    throw invalid_argument("columns for both probabilities and logits, wanted one of them");
  const auto is_number = [](const auto& entry) {
    return entry.second.find_first_not_of("0123456789+") == std::string::npos;
  };
  if (std::all_of(columns.begin(), columns.end(), is_number)) {
    for (const auto& [role, column] : columns) {
      // Positions are read as numbers later: short, from 1, and nothing but digits between the '+'.
      for (std::size_t from = 0; from <= column.size();) {
        const std::size_t to = std::min(column.find('+', from), column.size());
        if (to == from || to - from > 6 || column[from] == '0')
          throw invalid_argument(
              fmt::format("column of '{}' is '{}', wanted positions from 1", role, column.substr(0, 60)));
        from = to + 1;
      }
    }
  }
  return columns;
}

}  // namespace ferv::evaluation
