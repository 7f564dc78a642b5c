// SPDX-License-Identifier: Apache-2.0
// ferv leaderboard: published results on FERV39k, with one's own in place.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "ferv/data/labels.h"
#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/published.h"
#include "ferv/evaluation/results.h"

namespace ferv::app {
namespace {

constexpr std::size_t kOfficialTestClips = 7847;

struct Entry {
  std::string method;
  std::string war;
  std::string uar;
  std::string protocol;
  std::string source;
};

Entry own_entry(const std::string& file) {
  const evaluation::Results results = evaluation::read_results(file);
  const auto matrix = evaluation::confusion_matrix(results);
  const auto fact = [&](const char* key) {
    const auto found = results.facts.find(key);
    return found == results.facts.end() ? std::string("unknown") : found->second;
  };
  std::string source = file;
  // A figure on other clips than the official test split must not stand among the others unmarked.
  if (results.rows.size() != kOfficialTestClips)
    source += fmt::format(" (NOT comparable: {} clips, the test split has {})", results.rows.size(),
                          kOfficialTestClips);
  return {"> " + fact("model"), fmt::format("{:.2f}", 100 * evaluation::war(matrix)),
          fmt::format("{:.2f}", 100 * evaluation::uar(matrix)), fact("protocol"), source};
}

std::vector<Entry> entries(const std::vector<std::string>& files) {
  std::vector<Entry> all;
  for (const auto& row : evaluation::published_results()) {
    all.push_back({row.method, row.figures[0].war, row.figures[0].uar, "test-selected",
                   fmt::format("{} ({})", row.source, row.year)});
  }
  for (const std::string& file : files) all.push_back(own_entry(file));
  // Masked digits sort by what is known of them: "41.XX" as 41.
  std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
    return std::atof(a.war.c_str()) > std::atof(b.war.c_str());
  });
  return all;
}

/// A table of WAR/UAR of parts of the test clips: the published rows that print them, then one's own.
struct PartTable {
  std::vector<std::string> parts;
  std::vector<std::pair<std::string, std::vector<std::string>>> rows;
  std::string source;
};

void add_own_rows(PartTable& table, const std::vector<std::string>& files, const std::string& by) {
  constexpr int kFewResamples = 2;  // the intervals are not shown
  for (const std::string& file : files) {
    const evaluation::Results results = evaluation::read_results(file);
    std::map<std::string, std::string> figures;
    if (by == "class") {
      const auto metrics = evaluation::class_metrics(evaluation::confusion_matrix(results));
      for (std::size_t k = 0; k < metrics.size(); ++k)
        figures[results.classes[k]] = fmt::format("{:.2f}", 100 * metrics[k].recall);
    } else {
      const auto grouping = by == "scene" ? evaluation::Grouping::kScene : evaluation::Grouping::kScenario;
      evaluation::BootstrapOptions options;
      options.resample_count = kFewResamples;
      for (const auto& group : evaluation::scores_by(results, grouping, options))
        figures[group.name] = fmt::format("{:.2f}/{:.2f}", 100 * group.war, 100 * group.uar);
    }
    std::vector<std::string> cells;
    for (const std::string& part : table.parts) cells.push_back(figures.contains(part) ? figures[part] : "-");
    table.rows.emplace_back(own_entry(file).method, std::move(cells));
  }
}

PartTable part_table(const std::vector<std::string>& files, const std::string& by) {
  PartTable table;
  if (by == "class") {
    table.parts.assign(data::expression_names().begin(), data::expression_names().end());
    for (const auto& row : evaluation::published_recalls()) table.rows.emplace_back(row.method, row.recalls);
    table.source = evaluation::source_of_recalls();
  } else {
    for (const auto& figure : evaluation::published_results().front().figures) {
      const bool is_scene = !data::scenario_of(figure.subset).empty();
      if (figure.subset != "All" && is_scene == (by == "scene")) table.parts.push_back(figure.subset);
    }
    for (const auto& row : evaluation::published_results()) {
      std::vector<std::string> cells;
      for (const std::string& part : table.parts) {
        if (const auto* figure = evaluation::figure_of(row, part))
          cells.push_back(figure->war + "/" + figure->uar);
      }
      if (!cells.empty()) table.rows.emplace_back(row.method, std::move(cells));
    }
    table.source = evaluation::published_results().front().source;
  }
  add_own_rows(table, files, by);
  return table;
}

PartTable transfer_table() {
  PartTable table;
  table.source = evaluation::source_of_transfers();
  for (const auto& transfer : evaluation::published_transfers()) {
    if (table.rows.empty() || table.rows.back().first != transfer.trained_on)
      table.rows.push_back({transfer.trained_on, {}});
    table.rows.back().second.push_back(transfer.war + "/" + transfer.uar);
    if (table.rows.size() == 1) table.parts.push_back(transfer.tested_on);
  }
  return table;
}

void print_part_table(const PartTable& table, const std::string& first, bool json) {
  if (json) {
    nlohmann::ordered_json all = {{"protocol", "test-selected"}, {"source", table.source}};
    for (const auto& [name, cells] : table.rows) {
      for (std::size_t i = 0; i < cells.size(); ++i) all["rows"][name][table.parts[i]] = cells[i];
    }
    return print(all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
  std::string text = fmt::format("{:<26}", first);
  for (const std::string& part : table.parts) text += fmt::format(" {:>11}", part);
  for (const auto& [name, cells] : table.rows) {
    text += fmt::format("\n{:<26}", name);
    for (const std::string& cell : cells) text += fmt::format(" {:>11}", cell);
  }
  print(text +
        fmt::format("\npublished rows: test-selected, from {}; rows with '>' are yours\n", table.source));
}

void print_leaderboard(const std::vector<std::string>& files, bool json) {
  const std::vector<Entry> all = entries(files);
  if (json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Entry& entry : all) {
      list.push_back({{"method", entry.method},
                      {"war", entry.war},
                      {"uar", entry.uar},
                      {"protocol", entry.protocol},
                      {"source", entry.source}});
    }
    return print(list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
  print(fmt::format("{:<28} {:>6} {:>6}  {:<14} {}\n", "method", "WAR", "UAR", "protocol", "source"));
  for (const Entry& entry : all)
    print(fmt::format("{:<28} {:>6} {:>6}  {:<14} {}\n", entry.method, entry.war, entry.uar, entry.protocol,
                      entry.source));
  print(
      "test-selected: the epoch was chosen on the test clips, as all public code of the field does; presumed "
      "where a "
      "method's code is not public. clean: chosen on clips held out of training. X: masked by the "
      "authors.\n");
}

}  // namespace

void add_leaderboard(CLI::App& parent, Context&) {
  struct Arguments {
    std::vector<std::string> files;
    std::string by;
    bool cross_scenario = false;
    bool json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = parent.add_subcommand("leaderboard", "Published results, with yours in place");
  command->add_option("files", arguments->files, "your result files on the test split");
  CLI::Option* by =
      command->add_option("--by", arguments->by, "scenario, scene or class: the published tables of these")
          ->check(CLI::IsMember({"scenario", "scene", "class"}));
  command
      ->add_flag("--cross-scenario", arguments->cross_scenario,
                 "the published transfer between scenarios, WAR/UAR")
      ->excludes(by);
  command->add_flag("--json", arguments->json, "for machines");
  command->footer(
      "Example: ferv leaderboard results.csv\n         ferv leaderboard results.csv --by scenario");
  command->callback([arguments] {
    if (arguments->cross_scenario)
      return print_part_table(transfer_table(), "trained on \\ tested on", arguments->json);
    if (!arguments->by.empty())
      return print_part_table(part_table(arguments->files, arguments->by), "method", arguments->json);
    print_leaderboard(arguments->files, arguments->json);
  });
}

}  // namespace ferv::app
