// SPDX-License-Identifier: Apache-2.0
// ferv train: from a data set to weights, results and test figures, or on with a stopped run.
#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/models/zoo.h"
#include "ferv/training/trainer.h"
#include "rank_arguments.h"
#include "run_arguments.h"
#include "train_dry_run.h"
#include "train_series.h"

namespace ferv::app {
namespace {

struct TrainArguments : RunArguments {
  std::string model;
  std::string data;
  std::string protocol;
  std::string init_from;
  std::string seeds;
  std::string folds;
  bool dry_run = false;
  bool json = false;
  RankArguments ranks;
};

training::TrainOptions to_options(const TrainArguments& arguments) {
  training::TrainOptions options;
  if (!arguments.config.empty()) training::apply_config_file(options, arguments.config);
  if (!arguments.model.empty()) options.model = arguments.model;
  if (!arguments.data.empty()) options.data = arguments.data;
  if (!arguments.protocol.empty()) training::apply_setting(options, "protocol", arguments.protocol);
  if (!arguments.init_from.empty()) options.init_from = arguments.init_from;
  apply_settings(options, arguments);
  if (options.data.empty())
    throw invalid_argument("no data set: give --data DIR, or data in the --config file");
  return options;
}

std::string figures(const evaluation::Results& results) {
  const evaluation::ConfusionMatrix matrix = evaluation::confusion_matrix(results);
  const evaluation::MetricIntervals intervals = evaluation::bootstrap_intervals(matrix, {});
  return fmt::format("WAR {:5.2f} [{:.2f}, {:.2f}]  UAR {:5.2f} [{:.2f}, {:.2f}]",
                     100 * evaluation::war(matrix), 100 * intervals.war.low, 100 * intervals.war.high,
                     100 * evaluation::uar(matrix), 100 * intervals.uar.low, 100 * intervals.uar.high);
}

void print_outcome(const training::TrainOutcome& outcome, const std::string& run) {
  const auto fact = [&](const char* key) { return outcome.test_best.facts.at(key); };
  print(fmt::format("test split, {} clips, protocol {}, 95 % bootstrap intervals\n",
                    outcome.test_best.rows.size(), fact("protocol")));
  print(fmt::format("  best epoch {:>4}   {}\n", outcome.best_epoch, figures(outcome.test_best)));
  print(fmt::format("  last epoch {:>4}   {}\n", outcome.epochs_done, figures(outcome.test_last)));
  print(fmt::format("  published, {} on FERV39k (test-selected): {}\n", fact("model"),
                    models::card(fact("model")).published_war_uar));
  print(fmt::format("written: {0}/weights/best.safetensors, {0}/results/test.csv\n", run));
}

/// A series is given by its seeds or folds, or by the folder of one that was begun.
bool is_series(const TrainArguments& arguments) {
  if (!arguments.resume.empty()) return training::is_series(arguments.resume);
  return !arguments.seeds.empty() || !arguments.folds.empty();
}

void run_as_series(const TrainArguments& arguments, Context& context) {
  if (!arguments.resume.empty()) {
    const training::SeriesOutcome outcome = training::resume_series(arguments.resume, context.observer);
    return print_series(outcome, arguments.resume, arguments.json, context);
  }
  require_run(arguments);
  training::SeriesOptions options;
  options.train = to_options(arguments);
  options.seeds = number_list(arguments.seeds, "--seeds");
  options.folds = number_list(arguments.folds, "--folds");
  options.folder = arguments.run;
  print_series(training::run_series(options, context.observer), arguments.run, arguments.json, context);
}

void require_one_process(const nn::RankEnvironment& ranks, std::string_view what) {
  if (ranks.size == 1) return;
  throw unsupported(fmt::format("{} with {} processes; start it as one process", what, ranks.size));
}

void run_train(const TrainArguments& arguments, Context& context) {
  if (arguments.list_settings) {
    print(settings_text(training::settings()));
    return;
  }
  const nn::RankEnvironment ranks = environment_of(arguments.ranks);
  if (arguments.dry_run) {
    require_one_process(ranks, "--dry-run");
    return print_dry_run(training::dry_run(to_options(arguments), context.observer), arguments.json);
  }
  if (is_series(arguments)) {
    require_one_process(ranks, "a series of runs");
    return run_as_series(arguments, context);
  }
  const bool is_new = arguments.resume.empty();
  if (is_new) require_run(arguments);
  const std::string run = is_new ? arguments.run : arguments.resume;
  const training::TrainOptions options = is_new ? to_options(arguments) : training::TrainOptions();
  nn::Communicator communicator(ranks, arguments.ranks.timeout_s);
  const Observer observer = observer_of_rank(context.observer, communicator);
  const training::TrainOutcome outcome = is_new ? training::train(options, run, observer, communicator)
                                                : training::resume(run, observer, communicator);
  communicator.leave();
  if (outcome.stopped) {
    observer.log("stopped; go on with: ferv train --resume " + run);
    context.exit_code = kExitStopped;
    return;
  }
  if (communicator.is_first()) print_outcome(outcome, run);
}

void add_series_options(CLI::App& command, TrainArguments& arguments) {
  CLI::Option* resume = command.get_option("--resume");
  CLI::Option* seeds = command.add_option(
      "--seeds", arguments.seeds, "a run for each, in folders of --run: 1,2,5-7; then mean and deviation");
  CLI::Option* folds = command.add_option(
      "--folds", arguments.folds, "of a data set with folds, likewise: 1-5; averaged and pooled figures");
  seeds->excludes(resume);
  folds->excludes(resume);
  command
      .add_flag("--dry-run", arguments.dry_run,
                "print parameters, arithmetic, memory, clips, and the time of an epoch by a few measured "
                "batches; write nothing")
      ->excludes(resume)
      ->excludes(seeds)
      ->excludes(folds);
  command.add_flag("--json", arguments.json, "of a rehearsal or a series: for machines");
}

}  // namespace

void add_train(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<TrainArguments>();
  CLI::App* command = parent.add_subcommand("train", "Train a model of the zoo, or go on with a stopped run");
  command->add_option("--model", arguments->model, "row of `ferv zoo list` (default: r18_lstm)");
  command->add_option("--data", arguments->data, "folder of the data set, or a pack or tar of one");
  add_run_options(*command, *arguments);
  command->add_option("--protocol", arguments->protocol, "clean (default) or published");
  command->add_option("--init-from", arguments->init_from, "weights file to start from");
  add_series_options(*command, *arguments);
  add_rank_options(*command, arguments->ranks);
  command->footer(
      "Example: ferv train --model r18_lstm --data FERV39k --run runs/r18_lstm --set epochs=50\n"
      "         ferv train --config recipes/r18_lstm.toml --data FERV39k --dry-run\n"
      "         ferv train --config recipes/r18_lstm.toml --data DFEW --run runs/dfew --folds 1-5 --seeds "
      "1,2,3\n"
      "SIGTERM, SIGUSR1 and Ctrl-C finish the step, save and exit with 75; then: ferv train --resume "
      "runs/r18_lstm\n"
      "Several processes, each with its part of every batch: torchrun, mpirun or srun before it\n"
      "(docs/distributed.md).");
  command->callback([arguments, &context] { run_train(*arguments, context); });
}

}  // namespace ferv::app
