// SPDX-License-Identifier: Apache-2.0
// ferv bench train: how fast rows of the zoo train on this machine.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench_commands.h"
#include "ferv/models/zoo.h"
#include "ferv/training/train_benchmark.h"

namespace ferv::app {
namespace {

struct BenchTrainArguments {
  training::TrainBenchmarkOptions options;
  std::vector<std::string> models = {"r18_lstm"};
  bool json = false;
};

nlohmann::ordered_json bench_train_json(const training::TrainBenchmark& result) {
  return {{"model", result.model},
          {"input", to_string(result.spec)},
          {"batch_size", result.batch_size},
          {"device", result.device},
          {"precision", result.precision},
          {"threads", result.threads},
          {"clips_per_s", result.clips_per_s},
          {"floor_clips_per_s", result.floor_clips_per_s},
          {"of_floor", result.of_floor},
          {"peak_process_bytes", result.peak_process_bytes}};
}

void run_bench_train(BenchTrainArguments& arguments, Context& context) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  if (!arguments.json)
    print(fmt::format("{:<16} {:<12} {:>5} {:<5} {:>8} {:>8} {:>9} {:>9}\n", "row", "input", "batch", "",
                      "clips/s", "floor", "of floor", "memory"));
  for (const std::string& model : arguments.models) {
    arguments.options.model = model;
    const training::TrainBenchmark result = training::benchmark_training(arguments.options, context.observer);
    if (arguments.json) {
      all.push_back(bench_train_json(result));
      continue;
    }
    print(fmt::format("{:<16} {:<12} {:>5} {:<5} {:>8.2f} {:>8.2f} {:>9.2f} {:>6.0f} MB\n", result.model,
                      to_string(result.spec), result.batch_size, result.precision, result.clips_per_s,
                      result.floor_clips_per_s, result.of_floor,
                      static_cast<double>(result.peak_process_bytes) / 1e6));
  }
  if (arguments.json) print(all.dump(2) + "\n");
}

}  // namespace

void add_bench_train(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<BenchTrainArguments>();
  training::TrainBenchmarkOptions& options = arguments->options;
  CLI::App* command = parent.add_subcommand("train", kBenchTrainSummary);
  add_rows_option(*command, arguments->models);
  command->add_option("--batch", options.batch_size, "clips a batch")
      ->capture_default_str()
      ->check(CLI::Range(2, 1024));
  command->add_option("--rounds", options.rounds, "steps that are timed; the median counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_flag("--cuda-graphs", options.cuda_graphs,
                    "on a GPU: forward and backward pass as one recorded piece of work");
  add_run_options(*command, options, arguments->json);
  command->footer(
      "Example: ferv bench train --model r18_lstm,r3d18\n"
      "Clips are noise in memory, so decoding is not in it (`ferv bench loader`). "
      "benchmarks/train_reference.py sets\n"
      "the usual PyTorch script beside it.");
  command->callback([arguments, &context] { run_bench_train(*arguments, context); });
}

}  // namespace ferv::app
