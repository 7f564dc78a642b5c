// SPDX-License-Identifier: Apache-2.0
#include "run_arguments.h"

#include <fmt/format.h>

namespace ferv::app {

void add_run_options(CLI::App& command, RunArguments& arguments) {
  CLI::Option* run = command.add_option("--run", arguments.run, "new folder for the run");
  CLI::Option* resume = command.add_option("--resume", arguments.resume, "folder of a run to go on with");
  CLI::Option* config =
      command.add_option("--config", arguments.config, "TOML file of settings; --set wins over it");
  CLI::Option* set = command.add_option("--set", arguments.settings, "key=value, as often as needed");
  command.add_flag("--list-settings", arguments.list_settings,
                   "print every setting with its default and range");
  resume->excludes(run)->excludes(config)->excludes(set);
}

std::string settings_text(const std::vector<training::SettingDescription>& settings) {
  std::string text;
  for (const auto& setting : settings) {
    text += fmt::format("{:<20} {:<14} {}\n{:<35} ({})\n", setting.name, setting.default_value,
                        setting.meaning, "", setting.allowed);
  }
  return text;
}

void require_run(const RunArguments& arguments) {
  if (arguments.run.empty() && arguments.resume.empty())
    throw invalid_argument("give --run DIR for a new run, or --resume DIR to go on with one");
}

}  // namespace ferv::app
