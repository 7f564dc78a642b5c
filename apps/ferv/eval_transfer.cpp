// SPDX-License-Identifier: Apache-2.0
#include "eval_transfer.h"

#include <fmt/format.h>

#include "ferv/base/error.h"
#include "ferv/evaluation/published.h"
#include "ferv/training/transfer.h"
#include "run_arguments.h"

namespace ferv::app {
namespace {

/// What the command line says of the data set; where it says nothing, the file of settings does.
void place_data_set(const data::DataSetOptions& given, training::TrainOptions& train) {
  const data::DataSetOptions unsaid;
  if (given.setup != unsaid.setup) {
    throw invalid_argument("--setup is " + given.setup +
                           ", wanted none: a matrix trains and tests on every scenario or scene by itself");
  }
  if (given.layout != unsaid.layout) train.layout = given.layout;
  if (given.fold != unsaid.fold) train.fold = given.fold;
  if (given.clips != unsaid.clips) train.clips = given.clips;
  if (!given.label_order.empty()) train.label_order = given.label_order;
  if (!given.train_list.empty()) train.train_list = given.train_list.string();
  if (!given.test_list.empty()) train.test_list = given.test_list.string();
}

training::TransferOptions to_options(const TransferArguments& arguments, const TransferPlaces& places) {
  training::TransferOptions options;
  options.parts =
      arguments.cross_scene ? training::TransferParts::kScenes : training::TransferParts::kScenarios;
  options.folder = places.out;
  training::TrainOptions& train = options.train;
  if (!arguments.config.empty()) training::apply_config_file(train, arguments.config);
  if (!arguments.model.empty()) train.model = arguments.model;
  train.data = places.data;
  place_data_set(places.data_set, train);
  RunArguments run;
  run.settings = arguments.settings;
  apply_settings(train, run);
  return options;
}

const evaluation::PublishedTransfer* published(const training::TransferCell& cell) {
  for (const evaluation::PublishedTransfer& entry : evaluation::published_transfers()) {
    if (entry.trained_on == cell.trained_on && entry.tested_on == cell.tested_on) return &entry;
  }
  return nullptr;
}

void print_matrix(const training::TransferOutcome& outcome) {
  print(fmt::format("WAR/UAR in %; rows: trained on, columns: tested on\n{:<14}", ""));
  for (const std::string& part : outcome.parts) print(fmt::format(" {:>14}", part));
  const std::size_t count = outcome.parts.size();
  for (std::size_t i = 0; i < outcome.cells.size(); ++i) {
    const training::TransferCell& cell = outcome.cells[i];
    if (i % count == 0) print(fmt::format("\n{:<14}", cell.trained_on));
    print(fmt::format(" {:>14}", fmt::format("{:.2f}/{:.2f}", 100 * cell.war, 100 * cell.uar)));
  }
  print("\n");
  bool has_title = false;
  for (const training::TransferCell& cell : outcome.cells) {
    const evaluation::PublishedTransfer* entry = published(cell);
    if (entry == nullptr) continue;
    if (!has_title) print(fmt::format("published for RS50-LSTM ({}):\n", evaluation::source_of_transfers()));
    has_title = true;
    print(fmt::format("  {} on {}: {}/{}\n", cell.trained_on, cell.tested_on, entry->war, entry->uar));
  }
}

}  // namespace

bool is_transfer(const TransferArguments& arguments) {
  return arguments.cross_scenario || arguments.cross_scene;
}

void add_transfer_options(CLI::App& command, TransferArguments& arguments, CLI::Option& weights) {
  CLI::Option* scenario = command.add_flag("--cross-scenario", arguments.cross_scenario,
                                           "train on each of the 4 scenarios, test on all of them");
  CLI::Option* scene = command.add_flag("--cross-scene", arguments.cross_scene,
                                        "train on each of the 22 scenes, test on all of them");
  scenario->excludes(scene)->excludes(&weights);
  scene->excludes(&weights);
  CLI::Option* model = command.add_option("--model", arguments.model, "row of `ferv zoo list`, for a matrix");
  CLI::Option* config =
      command.add_option("--config", arguments.config, "TOML file of training settings, for a matrix");
  CLI::Option* setting =
      command.add_option("--set", arguments.settings, "key=value of a training setting, for a matrix");
  // Weights bring their own: here these would be ignored in silence.
  for (CLI::Option* of_training : {model, config, setting}) weights.excludes(of_training);
}

void run_eval_transfer(const TransferArguments& arguments, const TransferPlaces& places, Context& context) {
  const training::TransferOutcome outcome =
      training::run_transfer(to_options(arguments, places), context.observer);
  if (outcome.stopped) {
    context.observer.log("stopped; the same command goes on");
    context.exit_code = kExitStopped;
    return;
  }
  print_matrix(outcome);
  print(fmt::format("written: {}/transfer.csv\n", places.out));
}

}  // namespace ferv::app
