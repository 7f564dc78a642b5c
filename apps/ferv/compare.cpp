// SPDX-License-Identifier: Apache-2.0
// ferv compare: result files of the same clips: two in detail, more by ranks over the scenes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <memory>
#include <nlohmann/json.hpp>

#include "bootstrap_arguments.h"
#include "command.h"
#include "ferv/base/error.h"
#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/ranking.h"
#include "ferv/evaluation/results.h"

namespace ferv::app {
namespace {

using evaluation::Comparison;
using evaluation::Results;

struct CompareArguments {
  std::vector<std::string> files;
  std::string by;
  bool json = false;
  bool clips = false;
  evaluation::BootstrapOptions bootstrap;
};

nlohmann::ordered_json comparison_json(const Comparison& result) {
  return {{"clips", result.clip_count},
          {"war_difference", result.war_difference},
          {"war_interval", {result.intervals.war.low, result.intervals.war.high}},
          {"uar_difference", result.uar_difference},
          {"uar_interval", {result.intervals.uar.low, result.intervals.uar.high}},
          {"only_a_right", result.only_a_right},
          {"only_b_right", result.only_b_right},
          {"mcnemar_p", result.mcnemar_p}};
}

std::vector<evaluation::PartComparison> parts(const Results& a, const Results& b,
                                              const CompareArguments& arguments) {
  if (arguments.by.empty()) return {};
  return evaluation::compare_parts(
      a, b, arguments.by == "class" ? evaluation::Part::kClass : evaluation::Part::kScene,
      arguments.bootstrap);
}

std::string parts_text(const std::vector<evaluation::PartComparison>& all,
                       const CompareArguments& arguments) {
  std::string text = fmt::format("{:<14} {:>6}  {:<24} {:>7} {:>7} {:>10} {:>10}\n", arguments.by, "clips",
                                 "WAR, B - A", "A alone", "B alone", "McNemar p", "Holm p");
  for (const auto& part : all) {
    const Comparison& one = part.comparison;
    text += fmt::format("{:<14} {:>6}  {:<24} {:>7} {:>7} {:>10.4g} {:>10.4g}\n", part.name, one.clip_count,
                        fmt::format("{:+6.2f} [{:+.2f}, {:+.2f}]", 100 * one.war_difference,
                                    100 * one.intervals.war.low, 100 * one.intervals.war.high),
                        one.only_a_right, one.only_b_right, one.mcnemar_p, part.holm_p);
  }
  return text;
}

void compare_two(const Results& a, const Results& b, const CompareArguments& arguments) {
  const Comparison result = evaluation::compare(a, b, arguments.bootstrap);
  const auto by_part = parts(a, b, arguments);
  if (arguments.json) {
    nlohmann::ordered_json json = {{"a", arguments.files[0]}, {"b", arguments.files[1]}};
    json.update(comparison_json(result));
    json["changed"] = result.changed;
    for (const auto& part : by_part) {
      json["by_" + arguments.by][part.name] = comparison_json(part.comparison);
      json["by_" + arguments.by][part.name]["holm_p"] = part.holm_p;
    }
    print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return;
  }
  print(fmt::format("A = {}\nB = {}\n{} clips in both\n", arguments.files[0], arguments.files[1],
                    result.clip_count));
  print(fmt::format(
      "B - A, points of percent: WAR {:+.2f} [{:+.2f}, {:+.2f}]   UAR {:+.2f} [{:+.2f}, {:+.2f}]   ({:g} % "
      "paired bootstrap)\n",
      100 * result.war_difference, 100 * result.intervals.war.low, 100 * result.intervals.war.high,
      100 * result.uar_difference, 100 * result.intervals.uar.low, 100 * result.intervals.uar.high,
      100 * arguments.bootstrap.confidence));
  print(fmt::format("right in A alone {}, in B alone {}; exact McNemar p = {:.4g}\n", result.only_a_right,
                    result.only_b_right, result.mcnemar_p));
  if (!by_part.empty()) print(parts_text(by_part, arguments));
  if (!arguments.clips) return;
  for (const std::string& line : result.changed) print(line + "\n");
}

/// The files in the order of their mean ranks.
std::vector<std::size_t> best_first(const evaluation::Ranking& ranking) {
  std::vector<std::size_t> order(ranking.friedman.mean_ranks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return ranking.friedman.mean_ranks[a] < ranking.friedman.mean_ranks[b];
  });
  return order;
}

std::string ranking_text(const evaluation::Ranking& ranking, const std::vector<Results>& all,
                         const CompareArguments& arguments) {
  const auto& ranks = ranking.friedman.mean_ranks;
  std::string text = fmt::format(
      "{} models ranked by WAR in each of {} scenes; Friedman chi squared {:.2f}, p = {:.4g}\n"
      "critical difference of mean ranks (Nemenyi, {:g} %): {:.3f}\n{:<5} {:>9} {:>7}  {:<30} {}\n",
      all.size(), ranking.scenes.size(), ranking.friedman.statistic, ranking.friedman.p,
      100 * arguments.bootstrap.confidence, ranking.critical_difference, "model", "mean rank", "WAR", "file",
      "not told apart from");
  for (const std::size_t m : best_first(ranking)) {
    std::string alike;
    for (std::size_t other = 0; other < ranks.size(); ++other) {
      if (other != m && std::abs(ranks[other] - ranks[m]) < ranking.critical_difference)
        alike += fmt::format("{}{}", alike.empty() ? "" : " ", other + 1);
    }
    text += fmt::format("{:<5} {:>9.3f} {:>7.2f}  {:<30} {}\n", m + 1, ranks[m],
                        100 * evaluation::war(evaluation::confusion_matrix(all[m])), arguments.files[m],
                        alike.empty() ? "none" : alike);
  }
  text += fmt::format("{:<9} {:>12} {:>10}   (signed ranks over the scenes, exact)\n", "pair", "Wilcoxon p",
                      "Holm p");
  for (const auto& pair : ranking.pairs)
    text +=
        fmt::format("{:<9} {:>12.4g} {:>10.4g}\n", fmt::format("{} - {}", pair.first + 1, pair.second + 1),
                    pair.wilcoxon_p, pair.holm_p);
  return text;
}

void compare_many(const std::vector<Results>& all, const CompareArguments& arguments) {
  if (!arguments.by.empty() || arguments.clips)
    throw invalid_argument("--by and --clips compare two result files, found " + std::to_string(all.size()));
  const evaluation::Ranking ranking = evaluation::rank_over_scenes(all, 1 - arguments.bootstrap.confidence);
  if (!arguments.json) return print(ranking_text(ranking, all, arguments));
  nlohmann::ordered_json json = {{"files", arguments.files},
                                 {"scenes", ranking.scenes},
                                 {"war", ranking.scores},
                                 {"mean_ranks", ranking.friedman.mean_ranks},
                                 {"friedman_statistic", ranking.friedman.statistic},
                                 {"friedman_p", ranking.friedman.p},
                                 {"critical_difference", ranking.critical_difference}};
  for (const auto& pair : ranking.pairs)
    json["pairs"].push_back({{"a", arguments.files[pair.first]},
                             {"b", arguments.files[pair.second]},
                             {"wilcoxon_p", pair.wilcoxon_p},
                             {"holm_p", pair.holm_p}});
  print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_compare(CLI::App& parent, Context&) {
  const auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = parent.add_subcommand("compare", "Compare result files clip by clip");
  command->add_option("files", arguments->files, "result files A and B of the same clips, or more to rank")
      ->required()
      ->expected(2, 100);
  command->add_flag("--json", arguments->json, "for machines");
  command->add_flag("--clips", arguments->clips, "list the clips that one alone got right");
  command->add_option("--by", arguments->by, "class or scene, too")->check(CLI::IsMember({"class", "scene"}));
  add_bootstrap_options(*command, arguments->bootstrap, "the intervals and the critical difference");
  command->footer(
      "Example: ferv compare a.csv b.csv --by class --clips\n         ferv compare a.csv b.csv c.csv");
  command->callback([arguments] {
    std::vector<Results> all;
    for (const std::string& file : arguments->files) all.push_back(evaluation::read_results(file));
    if (all.size() == 2) return compare_two(all[0], all[1], *arguments);
    compare_many(all, *arguments);
  });
}

}  // namespace ferv::app
