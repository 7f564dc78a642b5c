// SPDX-License-Identifier: Apache-2.0
// The options by which a training starts, goes on and is set: the same for every command that writes a run.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ferv/base/error.h"
#include "ferv/training/options.h"

namespace ferv::app {

struct RunArguments {
  std::string run;
  std::string resume;
  std::string config;
  std::vector<std::string> settings;
  bool list_settings = false;
};

/// --run, --resume, --config, --set and --list-settings. `arguments` must outlive the command.
void add_run_options(CLI::App& command, RunArguments& arguments);

/// What --list-settings prints.
[[nodiscard]] std::string settings_text(const std::vector<training::SettingDescription>& settings);

/// Throws kInvalidArgument when neither --run nor --resume is given.
void require_run(const RunArguments& arguments);

/// Applies every --set key=value. Throws kInvalidArgument as training::apply_setting() does.
template <typename Options>
void apply_settings(Options& options, const RunArguments& arguments) {
  for (const std::string& setting : arguments.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) throw invalid_argument("--set " + setting + ": wanted key=value");
    training::apply_setting(options, setting.substr(0, equals), setting.substr(equals + 1));
  }
}

}  // namespace ferv::app
