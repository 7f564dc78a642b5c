// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/audit.h"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "ferv/base/error.h"

namespace ferv::evaluation {
namespace {

void refuse(const Coverage& coverage, const std::string& name) {
  std::string text;
  const auto add = [&](const char* what, const std::vector<std::string>& clips) {
    if (!clips.empty())
      text += fmt::format("{}{} {} (first: {})", text.empty() ? "" : ", ", clips.size(), what,
                          clips.front().substr(0, 80));
  };
  add("missing", coverage.missing);
  add("duplicated", coverage.duplicated);
  add("foreign", coverage.foreign);
  const std::string wanted =
      coverage.wanted_count ? fmt::format("the {} of the list", *coverage.wanted_count) : "each";
  throw corrupt_data(name, text + ": wanted " + wanted + " once");
}

}  // namespace

Coverage audit(Results& results, std::span<const data::AnnotationLine> list, Problems problems,
               const std::string& name) {
  Coverage coverage;
  std::unordered_map<std::string_view, std::string_view> label_of;
  for (const data::AnnotationLine& line : list) label_of.emplace(line.clip, line.label);
  if (!list.empty()) coverage.wanted_count = static_cast<std::int64_t>(label_of.size());
  std::unordered_set<std::string> seen;
  std::vector<ResultRow> kept;
  for (ResultRow& row : results.rows) {
    if (!list.empty()) {
      const auto found = label_of.find(row.clip);
      if (found == label_of.end()) {
        coverage.foreign.push_back(row.clip);
        continue;
      }
      const std::string& label = results.classes[static_cast<std::size_t>(row.label)];
      if (label != found->second)
        throw corrupt_data(
            name, fmt::format("label of {} is {}, wanted {} as in the list: is the order of classes right?",
                              row.clip.substr(0, 80), label, found->second));
    }
    if (!seen.insert(row.clip).second) {
      coverage.duplicated.push_back(row.clip);
      continue;
    }
    kept.push_back(std::move(row));
  }
  for (const data::AnnotationLine& line : list) {
    // A list that names a clip twice wants it once.
    if (seen.insert(line.clip).second) coverage.missing.push_back(line.clip);
  }
  if (problems == Problems::kRefuse && !coverage.is_clean()) refuse(coverage, name);
  if (kept.empty()) throw corrupt_data(name, "holds no clip of the list");
  results.rows = std::move(kept);
  return coverage;
}

}  // namespace ferv::evaluation
