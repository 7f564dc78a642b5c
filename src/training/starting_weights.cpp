// SPDX-License-Identifier: Apache-2.0
#include "starting_weights.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/base/joined.h"
#include "ferv/models/parts.h"

namespace ferv::training {
namespace {

/// Words in front of a trunk's names in composites; a pair's face stream comes before its scene stream.
const std::vector<std::string>& wrappers() {
  static const std::vector<std::string> kWrappers = {"backbone.", "face.", "scene."};
  return kWrappers;
}

/// "backbone.layer1" of "backbone.layer1.0.conv1.weight", "fc" of "fc.weight".
std::string group_of(const std::string& name) {
  const std::size_t first = name.find('.');
  if (first == std::string::npos) return name;
  const std::size_t second = name.find('.', first + 1);
  return name.substr(0, second == std::string::npos ? first : second);
}

/// "backbone.conv1 (1), backbone.layer1 (12)": in the order of their first tensor.
std::string gathered(const std::vector<std::string>& names) {
  std::vector<std::pair<std::string, int>> groups;
  for (const std::string& name : names) {
    const std::string group = group_of(name);
    const auto known =
        std::find_if(groups.begin(), groups.end(), [&](const auto& entry) { return entry.first == group; });
    if (known == groups.end())
      groups.emplace_back(group, 1);
    else
      ++known->second;
  }
  std::string text;
  for (const auto& [group, count] : groups)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", group, count);
  return text;
}

bool is_of_backbone(const std::string& name) {
  return models::part_of(name) == models::Part::kBackbone;
}

}  // namespace

weights::MatchReport start_from(models::Model& model, const std::filesystem::path& path) {
  const weights::NamedTensors file = weights::read_weights(path);
  weights::MatchReport report = weights::load_matching(model.module(), file, wrappers());
  if (std::none_of(report.matched.begin(), report.matched.end(), is_of_backbone)) {
    const auto wanted = std::find_if(report.missing.begin(), report.missing.end(), is_of_backbone);
    throw incompatible(fmt::format(
        "{}: no tensor of the backbone fits; found {}; wanted {}", path.string(),
        file.tensors.empty() ? "no tensors"
                             : gathered({file.tensors.front().first, file.tensors.back().first}),
        wanted != report.missing.end() ? *wanted : joined(report.misshapen, "; ").substr(0, 200)));
  }
  return report;
}

std::vector<std::string> to_lines(const weights::MatchReport& report) {
  std::vector<std::string> lines = {
      fmt::format("matched {} tensors: {}", report.matched.size(), gathered(report.matched))};
  if (!report.missing.empty()) {
    lines.push_back(fmt::format("missing in the file, start fresh: {} tensors: {}", report.missing.size(),
                                gathered(report.missing)));
  }
  if (!report.misshapen.empty()) {
    lines.push_back(fmt::format("of another shape, start fresh: {} tensors: {}", report.misshapen.size(),
                                joined(report.misshapen, "; ")));
  }
  if (!report.left_over.empty()) {
    lines.push_back(fmt::format("left over in the file, not used: {} tensors: {}", report.left_over.size(),
                                gathered(report.left_over)));
  }
  return lines;
}

}  // namespace ferv::training
