// SPDX-License-Identifier: Apache-2.0
// ferv data preview: a picture of what a model sees.
#include <fmt/format.h>

#include <memory>

#include "data_commands.h"
#include "data_set_arguments.h"
#include "ferv/data/contact_sheet.h"
#include "ferv/data/open_data_set.h"
#include "ferv/media/jpeg.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct PreviewArguments {
  std::string folder;
  data::DataSetOptions data_set;
  std::string out;
  std::string split = "train";
  std::vector<std::string> streams = {"face"};
  std::string sampling = "segments";
  int clips = 6;
  int size_px = 112;
  int seed = 0;
  bool augment = false;
  data::AugmentationOptions augmentation;
};

void add_augmentation(CLI::App& command, PreviewArguments& arguments) {
  data::AugmentationOptions& options = arguments.augmentation;
  command.add_flag("--augment", arguments.augment, "as in training: random frames, crop and flip");
  const auto add = [&](const char* name, double& value, const char* text) {
    command.add_option(name, value, text)->capture_default_str()->needs("--augment");
  };
  add("--rotation", options.rotation_degrees_max, "up to so many degrees to each side");
  add("--brightness", options.brightness, "factor 1 - x to 1 + x");
  add("--contrast", options.contrast, "likewise");
  add("--saturation", options.saturation, "likewise");
  add("--hue", options.hue, "turn of the colour circle, at most 0.5");
  add("--grey", options.grey_probability, "share of clips without colours");
  add("--erase", options.erase_probability, "share of clips with a rectangle erased");
  command.add_option("--temporal-jitter", options.temporal_jitter_frames, "frames move by up to so many")
      ->capture_default_str()
      ->needs("--augment");
}

void run_preview(const PreviewArguments& arguments, const Context& context) {
  const data::ClipIndex index = data::open_data_set(arguments.folder, arguments.data_set, context.observer);
  data::LoaderOptions options;
  options.spec.height_px = options.spec.width_px = arguments.size_px;
  options.sampling.method = arguments.sampling;
  options.training = arguments.augment;
  options.augmentation = arguments.augmentation;
  options.seed = static_cast<std::uint64_t>(arguments.seed);
  options.threads = arguments.data_set.threads;
  options.streams.clear();
  for (const std::string& name : arguments.streams) options.streams.push_back(data::stream_from_name(name));
  const auto positions = data::clips_of(index, data::split_from_name(arguments.split));
  media::write_png(arguments.out,
                   data::contact_sheet(index, positions, options, static_cast<std::size_t>(arguments.clips)));
  print(fmt::format("written: {}\n", arguments.out));
}

}  // namespace

void add_data_preview(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<PreviewArguments>();
  CLI::App* command = parent.add_subcommand(
      "preview", "A picture of what a model sees: a row a clip, its sampled frames left to right");
  command->add_option("folder", arguments->folder, "a data set, a folder that holds one, a pack or a tar")
      ->required();
  add_data_set_options(*command, arguments->data_set);
  add_threads_option(*command, arguments->data_set.threads);
  command->add_option("--out", arguments->out, "PNG to write")->required();
  command->add_option("--split", arguments->split, "train or test")
      ->capture_default_str()
      ->check(CLI::IsMember({"train", "test"}));
  command->add_option("--streams", arguments->streams, "a row each: face, scene, diff, flow")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--sampling", arguments->sampling, "segments, padded, spread or dense")
      ->capture_default_str();
  command->add_option("--clips", arguments->clips, "rows")->capture_default_str()->check(CLI::Range(1, 64));
  command->add_option("--size", arguments->size_px, "width and height of a frame")
      ->capture_default_str()
      ->check(CLI::Range(16, 512));
  command->add_option("--seed", arguments->seed, "of order and augmentation")
      ->capture_default_str()
      ->check(CLI::Range(0, kLargestSeed));
  add_augmentation(*command, *arguments);
  command->footer("Example: ferv data preview FERV39k --augment --rotation 10 --hue 0.1 --out sheet.png");
  command->callback([arguments, &context] { run_preview(*arguments, context); });
}

}  // namespace ferv::app
