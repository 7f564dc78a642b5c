// SPDX-License-Identifier: Apache-2.0
// The options by which commands name a part of a data set.
#pragma once

#include <CLI/CLI.hpp>

#include "ferv/data/data_set.h"

namespace ferv::app {

/// --layout, --fold, --clips-of and --setup. `options` must outlive the command.
void add_data_set_options(CLI::App& command, data::DataSetOptions& options);

}  // namespace ferv::app
