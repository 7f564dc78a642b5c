// SPDX-License-Identifier: Apache-2.0
// The options of the commands whose figures have intervals.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "ferv/evaluation/metrics.h"

namespace ferv::app {

/// --resamples, --confidence and --seed; `what_has_confidence` ends the help of the second. `options` must
/// outlive the command.
void add_bootstrap_options(CLI::App& command, evaluation::BootstrapOptions& options,
                           const std::string& what_has_confidence);

}  // namespace ferv::app
