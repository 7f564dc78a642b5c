// SPDX-License-Identifier: Apache-2.0
// ferv train --seeds, --folds: what a series of runs is asked for, and what it prints.
#pragma once

#include <string>
#include <vector>

#include "command.h"
#include "ferv/training/series.h"

namespace ferv::app {

/// "1,2,5-7" as 1, 2, 5, 6, 7; "" as none. Throws kInvalidArgument with `option` for anything else, and for
/// more than 1000 numbers.
[[nodiscard]] std::vector<int> number_list(const std::string& text, const std::string& option);

/// The figures of all runs, or as JSON; sets the exit code of a series that was stopped.
void print_series(const training::SeriesOutcome& outcome, const std::string& folder, bool json,
                  Context& context);

}  // namespace ferv::app
