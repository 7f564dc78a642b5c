// SPDX-License-Identifier: Apache-2.0
// ferv runs: the run folders below a folder in one table, and two of them side by side.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/run_list.h"

namespace ferv::app {
namespace {

namespace fs = std::filesystem;
using evaluation::RunMarks;
using evaluation::RunSummary;
using nlohmann::ordered_json;

struct RunsArguments {
  std::vector<std::string> folders;
  std::string a;
  std::string b;
  bool json = false;
};

void print_json(const ordered_json& json) {
  print(json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

std::string marks_text(const std::optional<RunMarks>& marks) {
  return marks ? fmt::format("{:.2f}/{:.2f}", 100 * marks->war, 100 * marks->uar) : "-";
}

ordered_json marks_json(const std::optional<RunMarks>& marks) {
  if (!marks) return nullptr;
  return {{"war", marks->war}, {"uar", marks->uar}};
}

std::string minutes_text(double seconds) {
  const auto minutes = static_cast<long long>(seconds / 60 + 0.5);
  if (minutes < 1) return fmt::format("{:.0f}s", seconds);
  return minutes < 60 ? fmt::format("{}m", minutes) : fmt::format("{}h{:02}m", minutes / 60, minutes % 60);
}

std::string epochs_text(const RunSummary& run) {
  return fmt::format("{}/{}", run.epochs_done, run.epochs_planned);
}

std::string name_of_data(const RunSummary& run) {
  const fs::path data = fs::path(run.setting("data")).lexically_normal();
  return data.has_filename() ? data.filename().string() : data.parent_path().filename().string();
}

ordered_json run_json(const RunSummary& run) {
  ordered_json json = {{"run", run.folder.string()},
                       {"state", evaluation::to_string(run.state)},
                       {"model", run.model()},
                       {"data", run.setting("data")},
                       {"protocol", run.setting("protocol")},
                       {"fold", run.setting("fold")},
                       {"seed", run.setting("seed")},
                       {"epochs_done", run.epochs_done},
                       {"epochs_planned", run.epochs_planned},
                       {"best_epoch", run.best_epoch},
                       {"val", marks_json(run.validation)},
                       {"test", marks_json(run.test)},
                       {"seconds", run.seconds}};
  if (!run.problem.empty()) json["problem"] = run.problem;
  return json;
}

/// Columns as wide as their widest cell, parted by two blanks; the first row is the heading.
std::string table_text(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::vector<RunSummary> read_runs(const std::vector<std::string>& folders) {
  std::vector<RunSummary> runs;
  for (const std::string& folder : folders) {
    for (const fs::path& run : evaluation::find_runs(folder)) runs.push_back(evaluation::read_run(run));
  }
  if (runs.empty()) throw not_found(folders.front(), "run folders of ferv train in it or below it");
  return runs;
}

void list_runs(const RunsArguments& arguments) {
  const std::vector<RunSummary> runs =
      read_runs(arguments.folders.empty() ? std::vector<std::string>{"runs"} : arguments.folders);
  if (arguments.json) {
    ordered_json json = ordered_json::array();
    for (const RunSummary& run : runs) json.push_back(run_json(run));
    return print_json(json);
  }
  std::vector<std::vector<std::string>> rows = {
      {"run", "model", "data", "protocol", "seed", "epochs", "state", "val WAR/UAR", "test WAR/UAR", "time"}};
  for (const RunSummary& run : runs) {
    rows.push_back({run.folder.string(), run.model(), name_of_data(run), run.setting("protocol"),
                    run.setting("seed"), epochs_text(run), std::string(evaluation::to_string(run.state)),
                    marks_text(run.validation), marks_text(run.test), minutes_text(run.seconds)});
  }
  print(table_text(rows));
  for (const RunSummary& run : runs) {
    if (!run.problem.empty()) print(fmt::format("damaged: {}\n", run.problem));
  }
}

/// nullopt where the two were not tested on the same clips.
std::optional<evaluation::Comparison> paired(const RunSummary& a, const RunSummary& b) {
  if (!a.test || !b.test) return std::nullopt;
  try {
    return evaluation::compare(evaluation::read_results(a.folder / "results/test.csv"),
                               evaluation::read_results(b.folder / "results/test.csv"), {});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kIncompatible) throw;
    return std::nullopt;
  }
}

ordered_json paired_json(const evaluation::Comparison& result) {
  return {{"clips", result.clip_count},
          {"war_difference", result.war_difference},
          {"war_interval", {result.intervals.war.low, result.intervals.war.high}},
          {"uar_difference", result.uar_difference},
          {"uar_interval", {result.intervals.uar.low, result.intervals.uar.high}},
          {"mcnemar_p", result.mcnemar_p}};
}

RunSummary read_one_run(const std::string& folder) {
  if (evaluation::find_runs(folder, /*depth=*/0).empty())
    throw not_found(folder, "a run folder of ferv train");
  return evaluation::read_run(folder);
}

void compare_runs(const RunsArguments& arguments) {
  const RunSummary a = read_one_run(arguments.a);
  const RunSummary b = read_one_run(arguments.b);
  const auto differences = evaluation::setting_differences(a, b);
  const auto pair = paired(a, b);
  if (arguments.json) {
    ordered_json json = {{"a", run_json(a)}, {"b", run_json(b)}};
    json["settings"] = ordered_json::object();
    for (const auto& each : differences) json["settings"][each.name] = {each.a, each.b};
    json["paired"] = pair ? paired_json(*pair) : ordered_json();
    return print_json(json);
  }
  std::vector<std::vector<std::string>> rows = {{"", "A = " + arguments.a, "B = " + arguments.b}};
  for (const auto& each : differences) rows.push_back({each.name, each.a, each.b});
  if (differences.empty()) rows.push_back({"settings", "the same", "the same"});
  rows.push_back(
      {"state", std::string(evaluation::to_string(a.state)), std::string(evaluation::to_string(b.state))});
  rows.push_back({"epochs", epochs_text(a), epochs_text(b)});
  rows.push_back({"best epoch", std::to_string(a.best_epoch), std::to_string(b.best_epoch)});
  rows.push_back({"val WAR/UAR", marks_text(a.validation), marks_text(b.validation)});
  rows.push_back({"test WAR/UAR", marks_text(a.test), marks_text(b.test)});
  rows.push_back({"time", minutes_text(a.seconds), minutes_text(b.seconds)});
  print(table_text(rows));
  for (const RunSummary* run : {&a, &b}) {
    if (!run->problem.empty()) print(fmt::format("damaged: {}\n", run->problem));
  }
  if (!pair) return;
  print(
      fmt::format("B - A on the same {} test clips: WAR {:+.2f} [{:+.2f}, {:+.2f}]  UAR {:+.2f} [{:+.2f}, "
                  "{:+.2f}]  McNemar p "
                  "{:.4g}\n",
                  pair->clip_count, 100 * pair->war_difference, 100 * pair->intervals.war.low,
                  100 * pair->intervals.war.high, 100 * pair->uar_difference, 100 * pair->intervals.uar.low,
                  100 * pair->intervals.uar.high, pair->mcnemar_p));
}

}  // namespace

void add_runs(CLI::App& parent, Context&) {
  const auto arguments = std::make_shared<RunsArguments>();
  CLI::App* command = parent.add_subcommand("runs", "List and compare run folders");
  command->add_option("folders", arguments->folders, "folders with runs in or below them (default: runs)");
  command->add_flag("--json", arguments->json, "for machines");
  CLI::App* compare =
      command->add_subcommand("compare", "Two runs: settings that differ, figures side by side");
  compare->add_option("a", arguments->a, "run folder")->required();
  compare->add_option("b", arguments->b, "run folder")->required();
  compare->add_flag("--json", arguments->json, "for machines");
  compare->footer("Example: ferv runs compare runs/r18_lstm runs/r50_lstm");
  command->footer(
      "Example: ferv runs runs\n"
      "         ferv runs compare runs/r18_lstm runs/r50_lstm\n"
      "States: running (a process holds its lock), stopped (ferv train --resume goes on), done, damaged.\n"
      "Val figures are of the best epoch, on the split that chose it; test figures of its weights.");
  command->callback([arguments, compare] {
    if (compare->parsed()) {
      compare_runs(*arguments);
    } else {
      list_runs(*arguments);
    }
  });
}

}  // namespace ferv::app
