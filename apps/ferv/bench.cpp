// SPDX-License-Identifier: Apache-2.0
// ferv bench: how fast the parts are on this machine, as ratios within one run.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "bench_commands.h"
#include "ferv/data/ferv39k.h"
#include "ferv/data/loader_benchmark.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct LoaderArguments {
  std::string folder;
  data::LoaderBenchmarkOptions options;
  int size_px = 112;
  bool json = false;
};

std::string loader_json(const data::LoaderBenchmark& result) {
  nlohmann::ordered_json json = {{"clips", result.clips},
                                 {"frames", result.frames},
                                 {"threads", result.threads},
                                 {"memory_bytes", result.memory_bytes},
                                 {"pack_of_files", result.pack_of_files},
                                 {"rates", nlohmann::ordered_json::array()}};
  for (const data::LoaderRate& rate : result.rates) {
    json["rates"].push_back(
        {{"name", rate.name}, {"frames_per_s", rate.frames_per_s}, {"of_decoder", rate.of_decoder}});
  }
  return json.dump(2) + "\n";
}

std::string loader_text(const data::LoaderBenchmark& result) {
  std::string text = fmt::format("{} clips, {} frames an epoch, {} threads\n{:<14} {:>10} {:>10}\n",
                                 result.clips, result.frames, result.threads, "", "frames/s", "of decoder");
  for (const data::LoaderRate& rate : result.rates)
    text += fmt::format("{:<14} {:>10.0f} {:>10.2f}\n", rate.name, rate.frames_per_s, rate.of_decoder);
  text += fmt::format("packed jpeg is {:.2f} times files; loading from files takes {:.0f} MB\n",
                      result.pack_of_files, static_cast<double>(result.memory_bytes) / 1e6);
  return text;
}

void run_loader(LoaderArguments& arguments, Context& context) {
  data::LoaderBenchmarkOptions& options = arguments.options;
  options.loader.training = true;
  options.loader.spec.height_px = options.loader.spec.width_px = arguments.size_px;
  options.scratch =
      std::filesystem::temp_directory_path() / fmt::format("ferv_bench_{}", static_cast<int>(::getpid()));
  const data::ClipIndex index =
      data::read_ferv39k(arguments.folder, {.setup = "all", .threads = options.loader.threads});
  const data::LoaderBenchmark result = data::benchmark_loader(index, options, context.observer);
  print(arguments.json ? loader_json(result) : loader_text(result));
}

void add_loader(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<LoaderArguments>();
  data::LoaderBenchmarkOptions& options = arguments->options;
  CLI::App* command = parent.add_subcommand(
      "loader", "Frames a second of the batch loader from files, packs and memory, beside the decoder alone");
  command->add_option("folder", arguments->folder, "a FERV39k release, or a folder that holds one")
      ->required();
  command->add_option("--clips", options.clip_count, "training clips to load")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  command->add_option("--rounds", options.rounds, "epochs of each way; the median counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command->add_option("--batch", options.loader.batch_size, "clips a batch")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  command->add_option("--size", arguments->size_px, "width and height that the model wants")
      ->capture_default_str()
      ->check(CLI::Range(16, 512));
  add_threads_option(*command, options.loader.threads);
  command->add_flag("--json", arguments->json, "for machines");
  command->footer("Example: ferv bench loader FERV39k --json");
  command->callback([arguments, &context] { run_loader(*arguments, context); });
}

}  // namespace

void add_bench(CLI::App& parent, Context& context) {
  CLI::App* command = parent.add_subcommand("bench", "Measure how fast the parts are on this machine");
  command->require_subcommand(1);
  command->footer("Example: ferv bench loader FERV39k");
  add_loader(*command, context);
#ifdef FERV_HAS_TORCH
#if FERV_PROGRAM_FULL
  add_bench_train(*command, context);
#else
  command->add_subcommand("train", kBenchTrainSummary);  // for the help alone: it is handed over
#endif
#ifdef FERV_HAS_VIDEO
#if FERV_PROGRAM_FULL
  add_bench_infer(*command, context);
#else
  command->add_subcommand("infer", kBenchInferSummary);
#endif
#endif
#endif
}

}  // namespace ferv::app
