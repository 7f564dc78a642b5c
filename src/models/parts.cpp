// SPDX-License-Identifier: Apache-2.0
#include "ferv/models/parts.h"

#include <algorithm>
#include <array>

namespace ferv::models {

std::string_view to_string(Part part) noexcept {
  switch (part) {
    case Part::kBackbone:
      return "backbone";
    case Part::kRecurrent:
      return "recurrent";
    case Part::kHead:
      return "head";
  }
  return "";
}

Part part_of(std::string_view parameter_name) {
  static constexpr std::array<std::string_view, 6> kHeads = {"fc.",           "fc8.",    "logits.",
                                                             "classifier.6.", "fusion.", "projection."};
  if (parameter_name.starts_with("lstm.")) return Part::kRecurrent;
  const bool is_head = std::any_of(kHeads.begin(), kHeads.end(),
                                   [&](std::string_view head) { return parameter_name.starts_with(head); });
  return is_head ? Part::kHead : Part::kBackbone;
}

}  // namespace ferv::models
