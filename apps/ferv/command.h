// SPDX-License-Identifier: Apache-2.0
// What a subcommand is, and what it gets to work with. One file a subcommand: parse -> options struct -> one
// library call -> print.
#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "ferv/base/progress.h"

namespace ferv::app {

/// Exit codes of the command line's contract; those of errors follow from ferv::ErrorKind.
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotFound = 3;
inline constexpr int kExitCorrupt = 4;
inline constexpr int kExitIncompatible = 5;
inline constexpr int kExitStopped = 75;
inline constexpr int kExitInterrupted = 130;

/// What --seed takes at most, from 0 on.
inline constexpr int kLargestSeed = std::numeric_limits<int>::max();

/// Shared by all subcommands of one run.
struct Context {
  Observer observer;  ///< log lines and progress to stderr; asks to stop on SIGINT, SIGTERM, SIGUSR1
  int exit_code = 0;  ///< set by a command that ends well but must not return 0 (75: stopped, can be resumed)
};

/// Declares a subcommand's options and sets its callback; the callback throws ferv::Error.
using AddCommand = void (*)(CLI::App& parent, Context& context);

/// One line of the command table.
struct Command {
  const char* name;
  const char* summary;
  /// Declares the command; nullptr in the program `ferv` for those that live in `ferv-full` alone.
  AddCommand add;
  /// Polls Observer::should_stop(): the first signal asks it to finish its step. Others end at once.
  bool stops_gracefully = false;
  /// Options and subcommands that only `ferv-full` can serve ("--raw-video", "flow").
  std::array<std::string_view, 2> full_only_words = {};
};

/// All commands of this build, in the order in which the help lists them.
[[nodiscard]] std::span<const Command> commands();

/// Writes `text` to stdout: results go there, everything else to stderr. Throws kIo when stdout refuses it.
void print(std::string_view text);

}  // namespace ferv::app
