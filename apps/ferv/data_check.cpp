// SPDX-License-Identifier: Apache-2.0
// ferv data check: what is wrong with a copy of a data set, as a table, JSON or a page.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "data_commands.h"
#include "data_set_arguments.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/data/check.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct CheckArguments {
  std::string folder;
  data::DataSetOptions data_set;
  data::CheckOptions check;
  std::string page;
  bool json = false;
};

/// Paths of problems may hold any bytes.
std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::map<std::string_view, std::int64_t> counts_by_kind(const data::CheckReport& report) {
  std::map<std::string_view, std::int64_t> counts;
  for (const data::Problem& problem : report.problems) ++counts[data::to_string(problem.kind)];
  return counts;
}

std::string report_text(const data::CheckReport& report) {
  std::string text;
  for (const data::Problem& problem : report.problems) {
    text +=
        fmt::format("{:<17} {}: {}\n", data::to_string(problem.kind), problem.path.string(), problem.message);
  }
  text += fmt::format("{} clips, {} frames checked, {} problems{}\n", report.clip_count, report.frame_count,
                      report.problems.size(), report.complete ? "" : "; stopped before the end");
  if (report.counts_were_held) text += "counts were held against the published table\n";
  for (const auto& [kind, count] : counts_by_kind(report))
    text += fmt::format("  {:<17} {:>8}\n", kind, count);
  return text;
}

std::string report_json(const data::CheckReport& report) {
  nlohmann::ordered_json json = {{"clips", report.clip_count},
                                 {"frames", report.frame_count},
                                 {"complete", report.complete},
                                 {"counts_were_held", report.counts_were_held},
                                 {"counts", nlohmann::ordered_json::object()},
                                 {"problems", nlohmann::ordered_json::array()}};
  for (const auto& [kind, count] : counts_by_kind(report)) json["counts"][std::string(kind)] = count;
  for (const data::Problem& problem : report.problems) {
    json["problems"].push_back({{"kind", data::to_string(problem.kind)},
                                {"path", problem.path.string()},
                                {"message", problem.message}});
  }
  return dumped(json);
}

void run_check(CheckArguments& arguments, Context& context) {
  if (!arguments.page.empty()) require_writable(arguments.page);
  const data::ClipIndex index = data::read_data_set(arguments.folder, arguments.data_set);
  arguments.check.threads = arguments.data_set.threads;
  const data::CheckReport report = data::check(index, arguments.check, context.observer);
  print(arguments.json ? report_json(report) : report_text(report));
  if (!arguments.page.empty()) write_file_atomically(arguments.page, data::check_page(index, report));
  if (!report.problems.empty()) context.exit_code = kExitCorrupt;
  if (!report.complete) context.exit_code = arguments.check.resume_file.empty() ? kExitFailed : kExitStopped;
}

}  // namespace

void add_data_check(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<CheckArguments>();
  data::CheckOptions& check = arguments->check;
  CLI::App* command = parent.add_subcommand(
      "check", "Decode every frame and say what is wrong; exit code 4 when something is");
  command->add_option("folder", arguments->folder, "a data set, or a folder that holds one")->required();
  add_data_set_options(*command, arguments->data_set);
  add_threads_option(*command, arguments->data_set.threads);
  command->add_flag("--json", arguments->json, "for machines");
  command->add_option("--html", arguments->page, "page to write the findings to, too");
  command->add_option("--resume-file", check.resume_file,
                      "keeps what was found, so that the same command goes on after a stop (exit code 75)");
  command
      ->add_option("--published-counts", check.published_counts,
                   "hold FERV39k's lists against the published table, cell by cell: on, off, or auto = when "
                   "nine tenths of its clips are there")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "on", "off"}));
  command->add_option("--size", check.wanted_size_px, "wanted width and height of face crops; 0 = any")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096));
  command->footer("Example: ferv data check FERV39k --html check.html --resume-file check.json");
  command->callback([arguments, &context] { run_check(*arguments, context); });
}

}  // namespace ferv::app
