// SPDX-License-Identifier: Apache-2.0
// Subcommands of `ferv data` that have a file of their own.
#pragma once

#include "command.h"

namespace ferv::app {

void add_data_check(CLI::App& parent, Context& context);
void add_data_pack(CLI::App& parent, Context& context);
void add_data_preview(CLI::App& parent, Context& context);

inline constexpr const char* kDataFlowSummary =
    "Compute optical flow of the face crops, once, for models with a flow stream";

/// Only in `ferv-full`: it links OpenCV. `ferv` lists it and hands over.
void add_data_flow(CLI::App& parent, Context& context);

}  // namespace ferv::app
