// SPDX-License-Identifier: Apache-2.0
// What a subcommand is, and what it gets to work with. One file a subcommand: parse -> options struct -> one
// library call -> print.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "ferv/base/progress.h"

namespace ferv::app {

/// Shared by all subcommands of one run.
struct Context {
  Observer observer;  ///< log lines and progress to stderr; stops on SIGINT, SIGTERM, SIGUSR1
  int exit_code = 0;  ///< set by a command that ends well but must not return 0 (75: stopped, can be resumed)
};

/// Declares the options and sets the callback; throws ferv::Error from the callback.
using AddCommand = void (*)(CLI::App& parent, Context& context);

/// One line of the command table.
struct Command {
  const char* name;
  const char* summary;
  /// Defines the command here; nullptr when this program hands it over to ferv-full.
  AddCommand add;
};

/// Prints `text` to stdout: results go there, everything else to stderr.
void print(const std::string& text);

}  // namespace ferv::app
