// SPDX-License-Identifier: Apache-2.0
// ferv face crop: raw clips to a data set in FERV39k's layout.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "face_commands.h"
#include "ferv/data/ferv39k.h"
#include "ferv/data/labels.h"
#include "ferv/face/crop_films.h"
#include "ferv/face/landmarks.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct CropCommand {
  face::CropFilmsOptions options;
  std::string no_face{face::to_string(face::NoFacePolicy::kRepeat)};
  std::string choice{face::to_string(face::FaceChoice::kLongest)};
  std::string cuts{face::to_string(face::CutPolicy::kLongestShot)};
  std::string landmarks = face::default_landmark_model().string();
  std::string lists;
  bool no_scene_frames = false;
  bool json = false;
};

/// Which clips the lists of a release test.
std::map<std::string, bool> tested_clips(const std::string& release) {
  std::map<std::string, bool> is_test;
  if (release.empty()) return is_test;
  for (const data::Clip& clip : data::read_ferv39k(release, {.setup = "all", .scan_frames = false}).clips)
    is_test[clip.id] = clip.split == data::Split::kTest;
  return is_test;
}

void print_summary(const CropCommand& command, const face::CropFilmsSummary& summary) {
  const auto written = summary.count(face::CropStatus::kWritten);
  const auto without_face = summary.count(face::CropStatus::kNoFace);
  const auto unreadable = summary.count(face::CropStatus::kUnreadable);
  const std::string report = (command.options.out / "face_crop.csv").string();
  if (command.json) {
    print(nlohmann::ordered_json{{"out", command.options.out.string()},
                                 {"complete", summary.complete},
                                 {"clips_written", written},
                                 {"clips_without_face", without_face},
                                 {"clips_unreadable", unreadable},
                                 {"clips_kept", summary.kept},
                                 {"report", report}}
              .dump(2) +
          "\n");
    return;
  }
  for (const face::CroppedClip& row : summary.clips) {
    if (row.status != face::CropStatus::kWritten)
      print(fmt::format("{} {}: {}\n", face::to_string(row.status), row.source.string(), row.problem));
  }
  print(fmt::format("{}: {} clips, {} without a face, {} unreadable ({} done before); {}\n",
                    command.options.out.string(), written, without_face, unreadable, summary.kept,
                    summary.complete ? "report " + report : "stopped, the same command goes on"));
}

void run_crop(CropCommand& command, Context& context) {
  face::CropFilmsOptions& options = command.options;
  options.no_face = face::no_face_policy_from_name(command.no_face);
  options.choice = face::face_choice_from_name(command.choice);
  options.cuts = face::cut_policy_from_name(command.cuts);
  options.write_scene_frames = !command.no_scene_frames;
  options.tracker.landmark_model = command.landmarks == "none" ? "" : command.landmarks;
  const auto classes = data::expression_names();
  options.classes.assign(classes.begin(), classes.end());
  options.is_test = tested_clips(command.lists);
  const face::CropFilmsSummary summary = face::crop_films(options, context.observer);
  print_summary(command, summary);
  if (!summary.complete) {
    context.exit_code = kExitStopped;
  } else if (summary.count(face::CropStatus::kWritten) == 0) {
    context.exit_code = kExitCorrupt;
  }
}

void add_choices(CLI::App& command, CropCommand& state) {
  command
      .add_option("--no-face", state.no_face,
                  "Frames without the face: repeat (the nearest place), drop, or fail (leaves out the clip)")
      ->capture_default_str()
      ->check(CLI::IsMember({"repeat", "drop", "fail"}));
  command.add_option("--whose", state.choice, "Of several faces: longest (in most frames) or largest")
      ->capture_default_str()
      ->check(CLI::IsMember({"longest", "largest"}));
  command.add_option("--cuts", state.cuts, "Clips with cuts: longest-shot, or keep all")
      ->capture_default_str()
      ->check(CLI::IsMember({"longest-shot", "keep"}));
  command.add_option("--faces-at-once", state.options.tracker.face_limit, "How many faces are followed")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  command.add_flag("--small-faces", state.options.tracker.detector.find_small_faces,
                   "Search at twice the size (slower)");
  command
      .add_option("--landmarks", state.landmarks,
                  "dlib model of 68 landmarks, or 'none'; the default one is for research use only")
      ->capture_default_str();
}

void add_pictures(CLI::App& command, CropCommand& state) {
  face::CropFilmsOptions& options = state.options;
  command.add_option("--size", options.crop.size_px, "Edge of the crops in pixels")->capture_default_str();
  command.add_option("--margin", options.crop.margin, "Room around brows and chin, as a share of the face")
      ->capture_default_str();
  command.add_option("--quality", options.jpeg_quality, "JPEG quality")->capture_default_str();
  command.add_flag("--no-scene-frames", state.no_scene_frames, "Leave out 3_ClipsforScenImages");
  command.add_option("--scene-side", options.scene_side_px, "Longer side of scene frames, 0 = as filmed")
      ->capture_default_str();
  command.add_option("--picture-rate", options.picture_rate_hz, "Pictures of a folder that make a second")
      ->capture_default_str();
}

}  // namespace

void add_face_crop(CLI::App& parent, Context& context) {
  const auto state = std::make_shared<CropCommand>();
  face::CropFilmsOptions& options = state->options;
  CLI::App* command = parent.add_subcommand(
      "crop", "Turn raw clips into a data set in FERV39k's layout: faces and scene frames");
  command->add_option("input", options.inputs, "Films, folders of them (<Scene>/<Emotion>/...), of pictures")
      ->required();
  command->add_option("--out", options.out, "Folder to make; one of a stopped run is completed")->required();
  command->add_option("--scene", options.scene,
                      "Scene of all clips (default: the folder above the emotion's)");
  command->add_option("--label", options.label, "Expression of all clips (default: the folder of that name)");
  add_choices(*command, *state);
  add_pictures(*command, *state);
  auto* lists =
      command->add_option("--lists", state->lists, "Release whose 4_setups says which clips are tested");
  command
      ->add_option("--test-share", options.test_share, "Share of clips to test on, of each scene and label")
      ->capture_default_str()
      ->excludes(lists);
  command->add_option("--seed", options.seed, "Of the draw of the test clips")
      ->capture_default_str()
      ->check(CLI::Range(0, kLargestSeed));
  add_threads_option(*command, options.threads, "Clips at once");
  command->add_flag("--json", state->json, "Summary as JSON");
  command->footer("Example: ferv face crop FERV39k/0_7_LabelClips --lists FERV39k --out cropped");
  command->callback([state, &context] { run_crop(*state, context); });
}

}  // namespace ferv::app
