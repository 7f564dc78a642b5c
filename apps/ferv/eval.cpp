// SPDX-License-Identifier: Apache-2.0
// ferv eval: weights on a split of a data set, to a result file.
#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "data_set_arguments.h"
#include "eval_transfer.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/version.h"
#include "ferv/data/open_data_set.h"
#include "ferv/data/splits.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"
#include "ferv/nn/device.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/training/evaluator.h"
#include "ferv/training/frame_weights.h"
#include "rank_arguments.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct EvalArguments {
  std::string weights;
  std::string data;
  std::string split = "test";
  std::string out;
  data::DataSetOptions data_set;
  std::string device = "auto";
  std::string precision = "auto";
  int batch_size = 32;
  int threads = 0;
  int view_count = 1;
  int crop_count = 1;
  double validation_fraction = 0.1;
  int validation_seed = 0;
  TransferArguments transfer;
  RankArguments ranks;
};

struct Evaluated {
  evaluation::Results results;
  evaluation::FrameWeights frame_weights;  ///< rank 0 has them
};

/// By all ranks together; each has all rows at the end.
Evaluated evaluate_by_ranks(const EvalArguments& arguments, const Context& context,
                            nn::Communicator& communicator) {
  const int threads = arguments.threads > 0 ? arguments.threads : nn::threads_for_rank(communicator);
  nn::configure_runtime({.threads = threads});
  const data::Split split = data::split_from_name(arguments.split);
  training::LoadedModel loaded = training::load_model(arguments.weights);
  const torch::Device device =
      nn::device_from_name(arguments.device, nn::visible_gpus(communicator.environment().local_rank));
  nn::move_to(loaded.model->module(), device);
  const Observer observer = observer_of_rank(context.observer, communicator);
  data::ClipIndex index = data::open_data_set(arguments.data, arguments.data_set, observer);
  training::require_same_classes(loaded.classes, index);
  if (split == data::Split::kValidation) {
    data::hold_out_validation(index, arguments.validation_fraction,
                              static_cast<std::uint64_t>(arguments.validation_seed));
  }
  training::EvaluationOptions options;
  options.sampling = loaded.sampling;
  options.streams = loaded.streams;
  options.batch_size = static_cast<std::size_t>(arguments.batch_size);
  options.loader_threads = threads;
  options.precision = nn::precision_from_name(arguments.precision, device.type());
  options.view_count = arguments.view_count;
  options.crop_count = arguments.crop_count;
  options.communicator = &communicator;
  Evaluated evaluated;
  evaluation::Results& results = evaluated.results;
  results = training::evaluate(*loaded.model, index, data::clips_of(index, split), options, observer);
  if (communicator.is_first())
    evaluated.frame_weights = training::frame_weights_of(*loaded.model, index, results, options, observer);
  results.facts = {{"model", loaded.id},
                   {"weights", std::filesystem::path(arguments.weights).filename().string()},
                   {"weights_hash", loaded.weights_hash},
                   {"split", arguments.split},
                   {"setup", arguments.data_set.setup},
                   {"protocol", loaded.protocol},
                   {"test_views", std::to_string(arguments.view_count)},
                   {"test_crops", std::to_string(arguments.crop_count)},
                   {"ferv_version", std::string(version())}};
  return evaluated;
}

void print_figures(const evaluation::Results& results, const EvalArguments& arguments) {
  const evaluation::ConfusionMatrix matrix = evaluation::confusion_matrix(results);
  const evaluation::MetricIntervals intervals = evaluation::bootstrap_intervals(matrix, {});
  print(fmt::format(
      "{} on {} {} clips: WAR {:.2f} [{:.2f}, {:.2f}]  UAR {:.2f} [{:.2f}, {:.2f}]  (95 % bootstrap)\n",
      results.facts.at("model"), results.rows.size(), arguments.split, 100 * evaluation::war(matrix),
      100 * intervals.war.low, 100 * intervals.war.high, 100 * evaluation::uar(matrix),
      100 * intervals.uar.low, 100 * intervals.uar.high));
  print(fmt::format("written: {}\n", arguments.out));
}

void run_eval(const EvalArguments& arguments, const Context& context) {
  if (arguments.weights.empty())
    throw invalid_argument(
        "no weights: give --weights FILE, or --cross-scenario to train and test a transfer matrix");
  nn::Communicator communicator(environment_of(arguments.ranks), arguments.ranks.timeout_s);
  if (communicator.is_first()) require_writable(arguments.out);
  nn::announcing_failure(communicator, [&] {
    const Evaluated evaluated = evaluate_by_ranks(arguments, context, communicator);
    if (communicator.is_first()) {
      evaluation::write_results(arguments.out, evaluated.results);
      evaluation::write_frame_weights(arguments.out, evaluated.frame_weights);
    }
    communicator.leave();
    if (communicator.is_first()) print_figures(evaluated.results, arguments);
  });
}

}  // namespace

void add_eval(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<EvalArguments>();
  CLI::App* command = parent.add_subcommand("eval", "Evaluate weights on a split of a data set");
  CLI::Option* weights =
      command->add_option("--weights", arguments->weights, "safetensors file written by ferv");
  command->add_option("--data", arguments->data, "folder of the data set, or a pack or tar of one")
      ->required();
  command->add_option("--split", arguments->split, "test, val or train")->capture_default_str();
  command
      ->add_option("--out", arguments->out,
                   "result file to write (CSV; facts beside it as JSON); a folder for a matrix")
      ->required();
  add_data_set_options(*command, arguments->data_set);
  command->add_option("--device", arguments->device, "auto, cpu, cuda or cuda:<number>")
      ->capture_default_str();
  command->add_option("--precision", arguments->precision, "auto, fp32, bf16, or on a GPU fp16")
      ->capture_default_str();
  command->add_option("--batch-size", arguments->batch_size, "clips at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  command
      ->add_option("--views", arguments->view_count,
                   "windows of time a clip is shown in; their probabilities are averaged")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command
      ->add_option("--crops", arguments->crop_count,
                   "parts of the picture likewise: 1, 2 (mirrored too), 5 (centre, corners) or 10")
      ->capture_default_str()
      ->check(CLI::IsMember({1, 2, 5, 10}));
  add_threads_option(*command, arguments->threads);
  command->add_option("--validation-fraction", arguments->validation_fraction, "of the run, for --split val")
      ->capture_default_str();
  command->add_option("--validation-seed", arguments->validation_seed, "seed of the run, for --split val")
      ->capture_default_str();
  add_transfer_options(*command, arguments->transfer, *weights);
  add_rank_options(*command, arguments->ranks);
  command->footer(
      "Example: ferv eval --weights runs/r18_lstm/weights/best.safetensors --data FERV39k --split test --out "
      "results.csv\n"
      "         ferv eval --cross-scenario --model r50_lstm --data FERV39k --out runs/transfer --config "
      "r50_lstm.toml\n"
      "The second trains on each scenario and tests on all four; the same command goes on after a stop.");
  command->callback([arguments, &context] {
    if (is_transfer(arguments->transfer)) {
      run_eval_transfer(arguments->transfer, {arguments->data, arguments->out, arguments->data_set}, context);
    } else {
      run_eval(*arguments, context);
    }
  });
}

}  // namespace ferv::app
