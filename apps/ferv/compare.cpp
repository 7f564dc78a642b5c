// SPDX-License-Identifier: Apache-2.0
// ferv compare: two result files of the same clips.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/results.h"

namespace ferv::app {
namespace {

struct CompareArguments {
  std::string a;
  std::string b;
  bool json = false;
  bool clips = false;
  evaluation::BootstrapOptions bootstrap;
};

void run_compare(const CompareArguments& arguments) {
  const evaluation::Comparison result = evaluation::compare(
      evaluation::read_results(arguments.a), evaluation::read_results(arguments.b), arguments.bootstrap);
  if (arguments.json) {
    const nlohmann::ordered_json json = {
        {"a", arguments.a},
        {"b", arguments.b},
        {"clips", result.clip_count},
        {"war_difference", result.war_difference},
        {"war_interval", {result.intervals.war.low, result.intervals.war.high}},
        {"uar_difference", result.uar_difference},
        {"uar_interval", {result.intervals.uar.low, result.intervals.uar.high}},
        {"only_a_right", result.only_a_right},
        {"only_b_right", result.only_b_right},
        {"mcnemar_p", result.mcnemar_p},
        {"changed", result.changed}};
    print(json.dump(2) + "\n");
    return;
  }
  print(fmt::format("A = {}\nB = {}\n{} clips in both\n", arguments.a, arguments.b, result.clip_count));
  print(fmt::format(
      "B - A, points of percent: WAR {:+.2f} [{:+.2f}, {:+.2f}]   UAR {:+.2f} [{:+.2f}, {:+.2f}]   ({:g} % "
      "paired bootstrap)\n",
      100 * result.war_difference, 100 * result.intervals.war.low, 100 * result.intervals.war.high,
      100 * result.uar_difference, 100 * result.intervals.uar.low, 100 * result.intervals.uar.high,
      100 * arguments.bootstrap.confidence));
  print(fmt::format("right in A alone {}, in B alone {}; exact McNemar p = {:.4g}\n", result.only_a_right,
                    result.only_b_right, result.mcnemar_p));
  if (!arguments.clips) return;
  for (const std::string& line : result.changed) print(line + "\n");
}

}  // namespace

void add_compare(CLI::App& parent, Context&) {
  const auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = parent.add_subcommand("compare", "Compare result files clip by clip");
  command->add_option("a", arguments->a, "result file A")->required();
  command->add_option("b", arguments->b, "result file B, of the same clips")->required();
  command->add_flag("--json", arguments->json, "for machines");
  command->add_flag("--clips", arguments->clips, "list the clips that one alone got right");
  command->add_option("--resamples", arguments->bootstrap.resample_count, "of the bootstrap")
      ->capture_default_str()
      ->check(CLI::Range(2, 1000000));
  command->footer("Example: ferv compare a.csv b.csv --clips");
  command->callback([arguments] { run_compare(*arguments); });
}

}  // namespace ferv::app
