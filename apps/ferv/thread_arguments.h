// SPDX-License-Identifier: Apache-2.0
// The option of the commands that work on several cores.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ferv::app {

/// --threads, 0 for all cores; `what` begins its help. `threads` must outlive the command.
void add_threads_option(CLI::App& command, int& threads, const std::string& what = "Threads");

}  // namespace ferv::app
