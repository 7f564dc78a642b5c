// SPDX-License-Identifier: Apache-2.0
// The parts of `ferv bench` that have a file of their own.
#pragma once

#include <string>
#include <vector>

#include "command.h"

namespace ferv::app {

inline constexpr const char* kBenchTrainSummary =
    "Clips a second of training, beside the same convolutions and products alone";

inline constexpr const char* kBenchInferSummary =
    "Time of a clip, and of a film's windows clip by clip and with every frame looked at once";

/// --model of a benchmark of rows of the zoo.
inline void add_rows_option(CLI::App& command, std::vector<std::string>& models) {
  command.add_option("--model", models, "rows of `ferv zoo list`, separated by commas")
      ->capture_default_str()
      ->delimiter(',');
}

/// --device, --precision and --threads of its `options`, and --json.
template <typename Options>
void add_run_options(CLI::App& command, Options& options, bool& json) {
  command.add_option("--device", options.device, "auto, cpu, cuda or cuda:<number>")->capture_default_str();
  command.add_option("--precision", options.precision, "auto, fp32, bf16, or on a GPU fp16")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}));
  command.add_option("--threads", options.threads, "0 = all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096));
  command.add_flag("--json", json, "for machines");
}

/// Only in `ferv-full`: they load LibTorch. `ferv` lists them and hands over.
void add_bench_train(CLI::App& parent, Context& context);
void add_bench_infer(CLI::App& parent, Context& context);

}  // namespace ferv::app
