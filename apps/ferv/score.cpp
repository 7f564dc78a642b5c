// SPDX-License-Identifier: Apache-2.0
// ferv score: WAR, UAR and what else is read off result files, ferv's and anyone's.
#include "score.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "bootstrap_arguments.h"
#include "command.h"
#include "ferv/base/error.h"
#include "ferv/data/labels.h"
#include "ferv/evaluation/foreign_results.h"
#include "ferv/evaluation/series.h"

namespace ferv::app {
namespace {

using evaluation::ForeignFormat;
using evaluation::Results;

std::string format_of(const ScoreArguments& arguments) {
  if (!arguments.format.empty()) return arguments.format;
  return arguments.columns.empty() ? "ferv" : "csv";
}

evaluation::ForeignOptions foreign_options(const ScoreArguments& arguments) {
  evaluation::ForeignOptions options;
  const std::string format = format_of(arguments);
  options.format = format == "list"    ? ForeignFormat::kList
                   : format == "views" ? ForeignFormat::kViews
                                       : ForeignFormat::kTable;
  if (!arguments.classes.empty()) options.classes = data::class_order(arguments.classes);
  if (!arguments.columns.empty()) options.columns = evaluation::column_map(arguments.columns);
  options.first_index = arguments.first_index;
  return options;
}

Scored scored_matrix(const std::string& file, const ScoreArguments& arguments) {
  const bool wants_clips = !arguments.against.empty() || arguments.by == "scene" ||
                           arguments.by == "scenario" || arguments.calibration || arguments.uncertain_below;
  if (wants_clips)
    throw invalid_argument(file +
                           ": a confusion matrix names no clips: wanted none of --against, --by scene, "
                           "--calibration, --uncertain-below");
  Scored scored;
  scored.name = file;
  scored.classes = foreign_options(arguments).classes;
  scored.matrix = evaluation::read_confusion_matrix(file, scored.classes);
  evaluation::put_in_own_order(scored.classes, scored.matrix);
  return scored;
}

Scored scored_file(const std::string& file, const ScoreArguments& arguments) {
  const std::string format = format_of(arguments);
  if (format == "matrix") return scored_matrix(file, arguments);
  if (format == "ferv" && (!arguments.classes.empty() || arguments.first_index != 0))
    throw invalid_argument(
        "--classes and --first-index are for files of others (--columns or --format): ferv's name their "
        "classes");
  const bool is_own = format == "ferv";
  Scored scored;
  scored.name = file;
  scored.results = is_own ? evaluation::read_results(file, evaluation::Duplicates::kKeep)
                          : evaluation::read_foreign_results(file, foreign_options(arguments));
  std::vector<data::AnnotationLine> list;
  if (!arguments.against.empty()) list = data::read_annotation(arguments.against);
  const auto problems =
      arguments.count_problems ? evaluation::Problems::kCount : evaluation::Problems::kRefuse;
  scored.coverage = evaluation::audit(scored.results, list, problems, file);
  const auto& rows = scored.results.rows;
  const bool has_probabilities =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.probabilities.empty(); });
  if ((arguments.calibration || arguments.uncertain_below) && !has_probabilities)
    throw invalid_argument(file +
                           ": holds no probabilities, wanted them for --calibration and --uncertain-below");
  scored.classes = scored.results.classes;
  scored.matrix = evaluation::confusion_matrix(scored.results);
  return scored;
}

/// The folds' rows, or counts, together.
Scored pooled(const std::vector<Scored>& all) {
  Scored sum;
  sum.name = fmt::format("{} folds pooled", all.size());
  sum.classes = all.front().classes;
  sum.matrix = all.front().matrix;
  std::vector<Results> folds;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].classes != sum.classes)
      throw incompatible(all[i].name + ": its classes differ from those of " + all.front().name);
    if (!all[i].results.rows.empty()) folds.push_back(all[i].results);
    if (i == 0) continue;
    for (std::size_t row = 0; row < sum.classes.size(); ++row) {
      for (std::size_t column = 0; column < sum.classes.size(); ++column)
        sum.matrix.counts[row][column] += all[i].matrix.counts[row][column];
    }
  }
  // Folds of one data set share no clip: a clip of two folds was trained on in one of them.
  sum.results = evaluation::pooled_folds(folds, sum.name);
  return sum;
}

struct Mean {
  double war = 0;
  double uar = 0;
};

Mean averaged(const std::vector<Scored>& all) {
  std::vector<double> wars;
  std::vector<double> uars;
  for (const Scored& scored : all) {
    wars.push_back(evaluation::war(scored.matrix));
    uars.push_back(evaluation::uar(scored.matrix));
  }
  return {evaluation::spread_of(wars).mean, evaluation::spread_of(uars).mean};
}

void print_json(const std::vector<Scored>& all, const ScoreArguments& arguments) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Scored& scored : all) json.push_back(score_json(scored, arguments));
  if (arguments.folds) {
    const Mean mean = averaged(all);
    json = {{"files", json},
            {"folds_pooled", score_json(pooled(all), arguments)},
            {"folds_averaged", {{"war", mean.war}, {"uar", mean.uar}}}};
  }
  print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void run_score(const ScoreArguments& arguments) {
  std::vector<Scored> all;
  for (const std::string& file : arguments.files) all.push_back(scored_file(file, arguments));
  if (!arguments.save.empty()) {
    if (all.size() != 1 || all.front().results.rows.empty())
      throw invalid_argument("--save wants one file that names its clips");
    evaluation::write_results(arguments.save, all.front().results);
  }
  if (arguments.json) return print_json(all, arguments);
  for (const Scored& scored : all) print(score_text(scored, arguments));
  if (!arguments.folds) return;
  print(score_text(pooled(all), arguments));
  const Mean mean = averaged(all);
  print(fmt::format("{} folds averaged (mean of the folds' figures)\nWAR {:6.2f}   UAR {:6.2f}\n", all.size(),
                    100 * mean.war, 100 * mean.uar));
}

void add_foreign_options(CLI::App& command, ScoreArguments& arguments) {
  command.add_option(
      "--columns", arguments.columns,
      "of a CSV: clip=NAME,label=NAME,predicted=NAME[,probabilities=...|logits=...]; a NAME may be a\n"
      "position from 1; scores are one column with a list, or K joined by '+'");
  command
      .add_option("--format", arguments.format,
                  "ferv, csv, list (path predicted label), views (path [logits] label chunk split), matrix\n"
                  "(default: ferv, with --columns csv)")
      ->check(CLI::IsMember({"ferv", "csv", "list", "views", "matrix"}));
  command.add_option("--classes", arguments.classes,
                     "order of the class numbers: dfew, alphabetical, neutral-last, or names A,B,...");
  command.add_option("--first-index", arguments.first_index, "number of the first class")
      ->capture_default_str()
      ->check(CLI::Range(0, 1));
  command.add_option("--against", arguments.against, "official list of the clips that there should be");
  command.add_option("--save", arguments.save,
                     "write what was read as a result file of ferv, for compare and report");
  command.add_flag("--count-problems", arguments.count_problems,
                   "count missing, duplicated and foreign clips instead of refusing them");
}

void add_figure_options(CLI::App& command, ScoreArguments& arguments) {
  command.add_flag("--json", arguments.json, "for machines");
  command.add_option("--by", arguments.by, "class, scene or scenario")
      ->check(CLI::IsMember({"class", "scene", "scenario"}));
  command.add_flag("--folds", arguments.folds, "the files are folds: pooled and averaged figures too");
  command.add_flag("--calibration", arguments.calibration, "reliability, and risk against coverage");
  command
      .add_option("--uncertain-below", arguments.uncertain_below,
                  "confidence under which a clip counts as \"uncertain\"")
      ->check(CLI::Range(0.0, 1.0));
  add_bootstrap_options(command, arguments.bootstrap, "the intervals");
}

}  // namespace

void add_score(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<ScoreArguments>();
  CLI::App* command = parent.add_subcommand("score", "WAR, UAR and more of result files, anyone's");
  CLI::Option* files = command->add_option("files", arguments->files, "result files");
  add_foreign_options(*command, *arguments);
  add_figure_options(*command, *arguments);
  CLI::Option* table =
      command->add_option("--check-table", arguments->check_table,
                          "published table (CSV): which figures cannot come from its test clips");
  table->excludes(files);
  command
      ->add_option("--clips", arguments->clips, "test clips behind the table, where they are not FERV39k's")
      ->needs(table)
      ->check(CLI::Range(1, 1000000000));
  command->footer(
      "Example: ferv score results.csv --by scene\n"
      "         ferv score pred.csv --columns clip=id,label=label,predicted=pred --classes dfew\n"
      "         ferv score --check-table table.csv");
  command->callback([arguments, &context] {
    if (!arguments->check_table.empty()) {
      if (!run_check_table(*arguments)) context.exit_code = kExitCorrupt;
      return;
    }
    if (arguments->files.empty()) throw invalid_argument("no result file, wanted one or more");
    run_score(*arguments);
  });
}

}  // namespace ferv::app
