// SPDX-License-Identifier: Apache-2.0
// ferv bench infer: how fast rows of the zoo answer on this machine.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench_commands.h"
#include "ferv/inference/infer_benchmark.h"

namespace ferv::app {
namespace {

struct BenchInferArguments {
  inference::InferBenchmarkOptions options;
  std::vector<std::string> models = {"r18_lstm", "r3d18"};
  bool json = false;
};

nlohmann::ordered_json bench_infer_json(const inference::InferBenchmark& result) {
  return {{"model", result.model},
          {"input", to_string(result.spec)},
          {"device", result.device},
          {"precision", result.precision},
          {"threads", result.threads},
          {"clip_ms", result.clip_ms},
          {"window_ms_clip_by_clip", result.window_ms_clip_by_clip},
          {"window_ms", result.window_ms},
          {"speed_up", result.speed_up},
          {"largest_difference", result.largest_difference}};
}

void run_bench_infer(BenchInferArguments& arguments, Context& context) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  if (!arguments.json) {
    print("Windows at stride 1, clip by clip and with every frame looked at once.\n");
    print(fmt::format("{:<16} {:<12} {:<5} {:>8} {:>13} {:>10} {:>8} {:>11}\n", "row", "input", "",
                      "clip, ms", "by clips, ms", "once, ms", "ratio", "difference"));
  }
  for (const std::string& model : arguments.models) {
    arguments.options.model = model;
    const inference::InferBenchmark result =
        inference::benchmark_inference(arguments.options, context.observer);
    if (arguments.json) {
      all.push_back(bench_infer_json(result));
      continue;
    }
    print(fmt::format("{:<16} {:<12} {:<5} {:>8.1f} {:>13.1f} {:>10.1f} {:>8.2f} {:>11.1e}\n", result.model,
                      to_string(result.spec), result.precision, result.clip_ms, result.window_ms_clip_by_clip,
                      result.window_ms, result.speed_up, result.largest_difference));
  }
  if (arguments.json) print(all.dump(2) + "\n");
}

}  // namespace

void add_bench_infer(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<BenchInferArguments>();
  inference::InferBenchmarkOptions& options = arguments->options;
  CLI::App* command = parent.add_subcommand("infer", kBenchInferSummary);
  add_rows_option(*command, arguments->models);
  command->add_option("--rounds", options.rounds, "clips that are timed; the median counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--windows", options.window_count, "windows of the film that are timed")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  add_run_options(*command, options, arguments->json);
  command->footer(
      "Example: ferv bench infer --model r18_lstm,r3d18\n"
      "Rows of 3-D convolutions mix frames from their first layer on, so nothing of a window serves the "
      "next:\n"
      "both ways are one. benchmarks/infer_reference.py sets ONNX Runtime beside it.");
  command->callback([arguments, &context] { run_bench_infer(*arguments, context); });
}

}  // namespace ferv::app
