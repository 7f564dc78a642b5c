// SPDX-License-Identifier: Apache-2.0
// ferv synth: a data set of rendered faces in FERV39k's layout, or in another's.
#include "ferv/synth/dataset_writer.h"

#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "film_opener.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct SynthArguments {
  synth::SynthOptions options;
  bool no_scene_frames = false;
  bool raw_video = false;
};

void run_synth(SynthArguments& arguments, Context& context) {
  synth::SynthOptions& options = arguments.options;
  if (options.scenes == std::vector<std::string>{"all"}) options.scenes.clear();
  options.write_scene_frames = !arguments.no_scene_frames;
  if (arguments.raw_video || options.films > 0) options.film_opener = film_opener();
  const synth::SynthSummary summary = synth::write_data_set(options, context.observer);
  if (!summary.complete) {
    const std::size_t clips = summary.train_clips + summary.test_clips;
    print(fmt::format("stopped after {} of {} {}; the same command goes on\n",
                      summary.clips_written + summary.clips_kept,
                      options.films > 0 ? static_cast<std::size_t>(options.films) : clips,
                      options.films > 0 ? "films" : "clips"));
    context.exit_code = kExitStopped;
    return;
  }
  if (options.films > 0) {
    print(fmt::format("{}: {} films, {} frames of {} people ({} films rendered now)\n",
                      options.folder.string(), options.films, summary.frames, summary.identities,
                      summary.clips_written));
    return;
  }
  if (options.layout == "identities") {
    print(fmt::format("{}: {} pictures of {} people\n", options.folder.string(), summary.frames,
                      summary.identities));
    return;
  }
  print(fmt::format("{}: {} train and {} test clips, {} frames of {} people ({} clips rendered now)\n",
                    options.folder.string(), summary.train_clips, summary.test_clips, summary.frames,
                    summary.identities, summary.clips_written));
}

}  // namespace

void add_synth(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<SynthArguments>();
  synth::SynthOptions& options = arguments->options;
  CLI::App* command =
      parent.add_subcommand("synth", "Render a data set of parametric faces in FERV39k's or another layout");
  command->add_option("--out", options.folder, "Folder to make; one of a stopped run is completed")
      ->required();
  command->add_option("--layout", options.layout, "Whose folders and lists")
      ->capture_default_str()
      ->check(CLI::IsMember(synth::synth_layouts()));
  command->add_option(
      "--clips", options.clips,
      "Clips in all, classes as uneven as in the release; not for ferv39k (default: by layout)");
  command->add_option("--identities", options.identities, "People of layout identities")
      ->capture_default_str();
  command
      ->add_option("--pictures-per-identity", options.pictures_per_identity,
                   "Pictures of each of those people")
      ->capture_default_str();
  auto* clips = command
                    ->add_option("--clips-per-cell", options.clips_per_cell,
                                 "Clips of each scene and expression, train and test together")
                    ->capture_default_str();
  command
      ->add_option("--counts", options.counts_file,
                   "Table scenario,scene,class,train,test with the clips of each cell")
      ->excludes(clips);
  command->add_option("--scenes", options.scenes, "Scenes by name, separated by commas, or all")
      ->delimiter(',');
  command->add_option("--seed", options.seed, "Equal seeds give equal bytes")
      ->capture_default_str()
      ->check(CLI::Range(0, kLargestSeed));
  command->add_option("--size", options.face_size_px, "Edge of the face crops in pixels")
      ->capture_default_str();
  command->add_option("--quality", options.jpeg_quality,
                      "JPEG quality, 1 to 100 (default: by scene and clip)");
  command->add_flag("--no-scene-frames", arguments->no_scene_frames, "Leave out 3_ClipsforScenImages");
  command->add_flag("--raw-video", arguments->raw_video, "Write 0_7_LabelClips/*.mp4 too");
  auto* films = command->add_option(
      "--films", options.films,
      "Instead of a data set: so many films of several shots and people, each with a table of who is where");
  films->excludes("--layout")
      ->excludes("--clips")
      ->excludes("--counts")
      ->excludes("--scenes")
      ->check(CLI::Range(1, 9999));
  command->add_option("--film-length", options.film_length_s, "Seconds of each of those films")
      ->capture_default_str()
      ->needs(films);
  add_threads_option(*command, options.threads, "Clips rendered at once");
  command->footer("Example: ferv synth --out faces --clips-per-cell 4 --scenes War,Interview");
  command->callback([arguments, &context] { run_synth(*arguments, context); });
}

}  // namespace ferv::app
