// SPDX-License-Identifier: Apache-2.0
// ferv score: WAR, UAR and what else is read off result files.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/published.h"
#include "ferv/evaluation/results.h"

namespace ferv::app {
namespace {

using evaluation::Results;

struct ScoreArguments {
  std::vector<std::string> files;
  std::string by;
  bool json = false;
  bool folds = false;
  evaluation::BootstrapOptions bootstrap;
};

std::string fact(const Results& results, const char* key) {
  const auto found = results.facts.find(key);
  return found == results.facts.end() ? "" : found->second;
}

std::string with_interval(double value, const evaluation::Interval& interval) {
  return fmt::format("{:6.2f} [{:.2f}, {:.2f}]", 100 * value, 100 * interval.low, 100 * interval.high);
}

std::string class_table(const Results& results, const evaluation::ConfusionMatrix& matrix) {
  std::string text = fmt::format("{:<10} {:>6} {:>7} {:>9} {:>7}   confusion (rows: label)\n", "class",
                                 "clips", "recall", "precision", "F1");
  const auto metrics = evaluation::class_metrics(matrix);
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    text +=
        fmt::format("{:<10} {:>6} {:>7.2f} {:>9.2f} {:>7.2f}  ", results.classes[k], metrics[k].sample_count,
                    100 * metrics[k].recall, 100 * metrics[k].precision, 100 * metrics[k].f1);
    for (const std::int64_t count : matrix.counts[k]) text += fmt::format(" {:>5}", count);
    text += "\n";
  }
  return text;
}

std::string group_table(const Results& results, const ScoreArguments& arguments) {
  const auto grouping =
      arguments.by == "scene" ? evaluation::Grouping::kScene : evaluation::Grouping::kScenario;
  const evaluation::PublishedRow* published = evaluation::published_row(fact(results, "model"));
  std::string text = fmt::format("{:<14} {:>6}   {:<24} {:<24} {}\n", arguments.by, "clips", "WAR", "UAR",
                                 published != nullptr ? "published WAR/UAR" : "");
  for (const auto& group : evaluation::scores_by(results, grouping, arguments.bootstrap)) {
    text += fmt::format("{:<14} {:>6}  {:<24} {:<24}", group.name, group.clip_count,
                        with_interval(group.war, group.intervals.war),
                        with_interval(group.uar, group.intervals.uar));
    const auto* figure = published != nullptr ? evaluation::figure_of(*published, group.name) : nullptr;
    if (figure != nullptr) text += fmt::format(" {}/{}", figure->war, figure->uar);
    text += "\n";
  }
  return text;
}

std::string score_text(const std::string& file, const Results& results, const ScoreArguments& arguments) {
  const auto matrix = evaluation::confusion_matrix(results);
  const auto intervals = evaluation::bootstrap_intervals(matrix, arguments.bootstrap);
  std::string text = fmt::format("{}: {} clips", file, matrix.total());
  for (const char* key : {"model", "split", "protocol"}) {
    if (!fact(results, key).empty()) text += fmt::format(", {} {}", key, fact(results, key));
  }
  text +=
      fmt::format("\nWAR {}   UAR {}   ({:g} % bootstrap)\nmacro F1 {:.4f}   weighted F1 {:.4f}",
                  with_interval(evaluation::war(matrix), intervals.war),
                  with_interval(evaluation::uar(matrix), intervals.uar), 100 * arguments.bootstrap.confidence,
                  evaluation::macro_f1(matrix), evaluation::weighted_f1(matrix));
  if (!results.rows.front().probabilities.empty())
    text += fmt::format("   ECE {:.4f}", evaluation::calibration(results).expected_error);
  text += "\n";
  if (const auto* published = evaluation::published_row(fact(results, "model"))) {
    text += fmt::format("published for {} on FERV39k (test-selected): WAR/UAR {}/{}\n", published->method,
                        published->figures[0].war, published->figures[0].uar);
  }
  if (arguments.by == "class") text += class_table(results, matrix);
  if (arguments.by == "scene" || arguments.by == "scenario") text += group_table(results, arguments);
  return text;
}

nlohmann::ordered_json score_json(const std::string& file, const Results& results,
                                  const ScoreArguments& arguments) {
  const auto matrix = evaluation::confusion_matrix(results);
  const auto intervals = evaluation::bootstrap_intervals(matrix, arguments.bootstrap);
  nlohmann::ordered_json json = {{"file", file},
                                 {"clips", matrix.total()},
                                 {"war", evaluation::war(matrix)},
                                 {"war_interval", {intervals.war.low, intervals.war.high}},
                                 {"uar", evaluation::uar(matrix)},
                                 {"uar_interval", {intervals.uar.low, intervals.uar.high}},
                                 {"confidence", arguments.bootstrap.confidence},
                                 {"macro_f1", evaluation::macro_f1(matrix)},
                                 {"weighted_f1", evaluation::weighted_f1(matrix)},
                                 {"classes", results.classes},
                                 {"confusion", matrix.counts},
                                 {"facts", results.facts}};
  const auto metrics = evaluation::class_metrics(matrix);
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    json["by_class"][results.classes[k]] = {{"clips", metrics[k].sample_count},
                                            {"recall", metrics[k].recall},
                                            {"precision", metrics[k].precision},
                                            {"f1", metrics[k].f1}};
  }
  if (arguments.by == "scene" || arguments.by == "scenario") {
    const auto grouping =
        arguments.by == "scene" ? evaluation::Grouping::kScene : evaluation::Grouping::kScenario;
    for (const auto& group : evaluation::scores_by(results, grouping, arguments.bootstrap)) {
      json["by_" + arguments.by][group.name] = {
          {"clips", group.clip_count}, {"war", group.war}, {"uar", group.uar}};
    }
  }
  return json;
}

/// Both conventions of k-fold work, named: rows of all folds together, and the mean over folds.
std::string folds_text(const std::vector<Results>& all, const ScoreArguments& arguments) {
  Results pooled = all.front();
  pooled.facts.clear();
  double war_sum = 0;
  double uar_sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].classes != pooled.classes)
      throw incompatible(arguments.files[i] + ": its classes differ from those of " + arguments.files[0]);
    const auto matrix = evaluation::confusion_matrix(all[i]);
    war_sum += evaluation::war(matrix);
    uar_sum += evaluation::uar(matrix);
    if (i > 0) pooled.rows.insert(pooled.rows.end(), all[i].rows.begin(), all[i].rows.end());
  }
  const auto count = static_cast<double>(all.size());
  return score_text(fmt::format("{} folds pooled", all.size()), pooled, arguments) +
         fmt::format("{} folds averaged\nWAR {:6.2f}   UAR {:6.2f}\n", all.size(), 100 * war_sum / count,
                     100 * uar_sum / count);
}

void run_score(const ScoreArguments& arguments) {
  std::vector<Results> all;
  for (const std::string& file : arguments.files) all.push_back(evaluation::read_results(file));
  if (arguments.json) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < all.size(); ++i)
      json.push_back(score_json(arguments.files[i], all[i], arguments));
    print(json.dump(2) + "\n");
    return;
  }
  for (std::size_t i = 0; i < all.size(); ++i) print(score_text(arguments.files[i], all[i], arguments));
  if (arguments.folds) print(folds_text(all, arguments));
}

}  // namespace

void add_score(CLI::App& parent, Context&) {
  const auto arguments = std::make_shared<ScoreArguments>();
  CLI::App* command = parent.add_subcommand("score", "WAR, UAR and more of result files, anyone's");
  command->add_option("files", arguments->files, "result files: clip,label,predicted,<classes>")->required();
  CLI::Option* json = command->add_flag("--json", arguments->json, "for machines");
  command->add_option("--by", arguments->by, "class, scene or scenario")
      ->check(CLI::IsMember({"class", "scene", "scenario"}));
  command->add_flag("--folds", arguments->folds, "the files are folds: pooled and averaged figures too")
      ->excludes(json);
  command->add_option("--resamples", arguments->bootstrap.resample_count, "of the bootstrap")
      ->capture_default_str()
      ->check(CLI::Range(2, 1000000));
  command->add_option("--confidence", arguments->bootstrap.confidence, "of the intervals")
      ->capture_default_str();
  command->footer("Example: ferv score results.csv --by scene");
  command->callback([arguments] { run_score(*arguments); });
}

}  // namespace ferv::app
