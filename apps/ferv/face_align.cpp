// SPDX-License-Identifier: Apache-2.0
// ferv face align: photographs to level crops of their faces.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "face_commands.h"
#include "ferv/face/align_pictures.h"
#include "ferv/face/landmarks.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct AlignCommand {
  face::AlignPicturesOptions options;
  std::string landmarks = face::default_landmark_model().string();
  bool json = false;
};

void print_summary(const AlignCommand& command, const face::AlignPicturesSummary& summary) {
  const std::string out = command.options.out.string();
  if (command.json) {
    print(nlohmann::ordered_json{{"out", out},
                                 {"complete", summary.complete},
                                 {"written", summary.written},
                                 {"kept", summary.kept},
                                 {"without_face", summary.without_face},
                                 {"unreadable", summary.unreadable}}
              .dump(2) +
          "\n");
    return;
  }
  for (const std::string& path : summary.unreadable) print("unreadable " + path + "\n");
  print(fmt::format("{}: {} pictures ({} done before), {} without a face{}, {} unreadable{}\n", out,
                    summary.written, summary.kept, summary.without_face.size(),
                    command.options.middle_share > 0 ? " cut in the middle" : " left out",
                    summary.unreadable.size(),
                    summary.complete ? "" : "; stopped, the same command goes on"));
}

void run_align(AlignCommand& command, Context& context) {
  command.options.landmark_model = command.landmarks == "none" ? "" : command.landmarks;
  const face::AlignPicturesSummary summary = face::align_pictures(command.options, context.observer);
  print_summary(command, summary);
  if (!summary.complete) {
    context.exit_code = kExitStopped;
  } else if (summary.written == 0) {
    context.exit_code = kExitCorrupt;
  }
}

}  // namespace

void add_face_align(CLI::App& parent, Context& context) {
  const auto state = std::make_shared<AlignCommand>();
  face::AlignPicturesOptions& options = state->options;
  CLI::App* command =
      parent.add_subcommand("align", "Cut the largest face out of each photograph, level and square");
  command->add_option("folder", options.folder, "Folder of JPEG and PNG pictures, at any depth")->required();
  command->add_option("--out", options.out, "Folder to make, with the same folders in it")->required();
  command->add_option("--size", options.crop.size_px, "Edge of the crops in pixels")->capture_default_str();
  command->add_option("--margin", options.crop.margin, "Room around brows and chin, as a share of the face")
      ->capture_default_str();
  command
      ->add_option(
          "--middle", options.middle_share,
          "Of pictures without a face: cut the middle, this share of the shorter side (0: leave them "
          "out)")
      ->capture_default_str();
  command
      ->add_option("--landmarks", state->landmarks,
                   "dlib model of 68 landmarks, or 'none'; the default one is for research use only")
      ->capture_default_str();
  command->add_option("--quality", options.jpeg_quality, "JPEG quality")->capture_default_str();
  add_threads_option(*command, options.threads);
  command->add_flag("--json", state->json, "Summary as JSON");
  command->footer("Example: ferv face align photographs --out faces --size 112");
  command->callback([state, &context] { run_align(*state, context); });
}

}  // namespace ferv::app
