// SPDX-License-Identifier: Apache-2.0
// What the rows reached in our own hands: docs/zoo_benchmark/table.csv, built into the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ferv::app {

/// Of one row on the synthetic test split; shares in [0, 1].
struct OwnResult {
  double war = 0;
  double war_low = 0;
  double war_high = 0;
  double uar = 0;
  double uar_low = 0;
  double uar_high = 0;
};

/// nullopt for a row that the table does not have.
[[nodiscard]] std::optional<OwnResult> own_result(std::string_view id);

/// "61.2 [57.9, 64.4] / 60.1 [56.8, 63.3]" in percent, or "-".
[[nodiscard]] std::string own_war_uar(std::string_view id);

}  // namespace ferv::app
