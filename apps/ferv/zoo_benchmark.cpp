// SPDX-License-Identifier: Apache-2.0
#include "zoo_benchmark.h"

#include <fmt/format.h>

#include <memory>

#include "ferv/nn/runtime.h"
#include "ferv/synth/dataset_writer.h"
#include "ferv/training/zoo_benchmark.h"

namespace ferv::app {
namespace {

struct BenchmarkArguments {
  training::ZooBenchmarkOptions options;
  std::filesystem::path work;
  int clips_per_cell = 60;
  std::vector<std::string> scenes = {"DailyLife", "Interview", "Speech", "Talkshow"};
  int size_px = 112;
};

/// Renders the three data sets; what is there already is kept. False when asked to stop.
bool render_data(const BenchmarkArguments& arguments, const Context& context) {
  synth::SynthOptions clips;
  clips.folder = arguments.options.ferv39k;
  clips.clips_per_cell = arguments.clips_per_cell;
  clips.scenes = arguments.scenes;
  clips.face_size_px = arguments.size_px;
  synth::SynthOptions dfew;
  dfew.folder = arguments.options.dfew;
  dfew.layout = "dfew";
  dfew.clips = 7 * arguments.clips_per_cell * static_cast<int>(arguments.scenes.size());
  dfew.face_size_px = arguments.size_px;
  dfew.write_scene_frames = false;
  dfew.seed = 2;
  synth::SynthOptions faces;
  faces.folder = arguments.options.faces;
  faces.layout = "identities";
  faces.identities = 200;
  faces.pictures_per_identity = 20;
  faces.face_size_px = arguments.size_px;
  faces.write_scene_frames = false;
  faces.seed = 3;
  for (const synth::SynthOptions* options : {&clips, &dfew, &faces}) {
    context.observer.log("data: " + options->folder.string());
    if (!synth::write_data_set(*options, context.observer).complete) return false;
  }
  return true;
}

void run_benchmark(BenchmarkArguments& arguments, Context& context) {
  nn::configure_runtime({});
  training::ZooBenchmarkOptions& options = arguments.options;
  options.ferv39k = arguments.work / "data/ferv39k";
  options.dfew = arguments.work / "data/dfew";
  options.faces = arguments.work / "data/faces";
  options.runs = arguments.work / "runs";
  training::check_recipes(options);
  training::ZooBenchmarkOutcome outcome;
  outcome.stopped = !render_data(arguments, context);
  if (!outcome.stopped) outcome = training::run_zoo_benchmark(options, context.observer);
  if (outcome.stopped) {
    context.observer.log("stopped; the same command goes on");
    context.exit_code = kExitStopped;
    return;
  }
  print(fmt::format("{} rows trained, {} had results already; written: {}/table.md\n", outcome.rows_trained,
                    outcome.rows_kept, options.results.string()));
}

}  // namespace

void add_zoo_benchmark(CLI::App& zoo, Context& context) {
  const auto arguments = std::make_shared<BenchmarkArguments>();
  CLI::App* command = zoo.add_subcommand(
      "benchmark", "Render data sets, train and test every row on them, and set the rows side by side");
  command->add_option("--work", arguments->work, "folder for data sets and run folders")->required();
  command->add_option("--out", arguments->options.results, "folder for the table and each row's results")
      ->required();
  command->add_option("--recipes", arguments->options.recipes, "folder with common.toml and <row>.toml")
      ->required();
  command->add_option("--rows", arguments->options.rows, "only these, separated by commas")->delimiter(',');
  command->add_option("--clips-per-cell", arguments->clips_per_cell, "clips of each scene and expression")
      ->capture_default_str();
  command->add_option("--scenes", arguments->scenes, "scenes of the data set, separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--size", arguments->size_px, "edge of the face crops in pixels")
      ->capture_default_str();
  command->footer(
      "Example: ferv zoo benchmark --work work --out docs/zoo_benchmark --recipes recipes/zoo_benchmark\n"
      "Rows whose result file lies in --out are kept; a stopped command goes on where it was.");
  command->callback([arguments, &context] { run_benchmark(*arguments, context); });
}

}  // namespace ferv::app
