// SPDX-License-Identifier: Apache-2.0
// ferv predict: a timeline of expressions for films, pictures and folders of pictures.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "ferv/face/landmarks.h"
#include "ferv/inference/film_predictor.h"

namespace ferv::app {
namespace {

struct PredictCommand {
  inference::PredictFilesOptions options;
  std::string landmarks = face::default_landmark_model().string();
  bool profile = false;
  bool json = false;
};

/// Frames a second by stage, and the whole: where the time goes.
std::string profile_text(const inference::FilmResult& result) {
  const auto frames = static_cast<double>(result.summary.frame_count());
  const auto stage = [&](const char* name, double seconds) {
    return fmt::format("{} {:.2f} ms", name, 1e3 * seconds / frames);
  };
  const inference::StageTimes& times = result.times;
  return fmt::format("a frame: {}, {}, {}, {}, all {:.2f} ms: {:.0f} frames/s, {:.1f} times real time",
                     stage("decode", times.decode_s), stage("face", times.face_s),
                     stage("crop", times.crop_s), stage("model", times.model_s), 1e3 * times.total_s / frames,
                     frames / times.total_s, result.summary.duration_s() / times.total_s);
}

void print_results(const std::vector<inference::PredictedFile>& files, const PredictCommand& command,
                   const Observer& observer) {
  auto list = nlohmann::ordered_json::array();
  for (const inference::PredictedFile& file : files) {
    if (command.profile) observer.log(file.input.string() + ": " + profile_text(file.result));
    if (command.json) {
      list.push_back({{"input", file.input.string()},
                      {"summary", file.result.summary.text()},
                      {"face_found", file.result.summary.frame_count_with_face() > 0},
                      {"timeline", file.timeline.string()},
                      {"facts", file.facts.string()}});
    } else {
      print(fmt::format("{}: {} -> {}\n", file.input.string(), file.result.summary.text(),
                        file.timeline.string()));
    }
  }
  if (command.json) print(list.dump(2) + "\n");
}

}  // namespace

void add_predict(CLI::App& parent, Context& context) {
  const auto state = std::make_shared<PredictCommand>();
  inference::PredictFilesOptions& options = state->options;
  CLI::App* command =
      parent.add_subcommand("predict", "Timeline of expressions for films, pictures and folders of pictures");
  command->add_option("input", options.inputs, "Films, pictures, or folders of pictures in natural order")
      ->required();
  command->add_option("--weights", options.weights, "Weights of ferv (safetensors)")->required();
  command->add_option("--out", options.out, "Folder for <name>.csv (timeline) and <name>.json (summary)")
      ->required();
  command->add_option("--stride", options.film.windows.stride, "Frames from one window to the next")
      ->capture_default_str();
  command->add_option("--window", options.film.windows.window_s, "Seconds that a window spans")
      ->capture_default_str();
  command
      ->add_option(
          "--uncertain-below", options.film.uncertain_below,
          "Smallest probability that is given as an answer, 0 = always answer (default: as the weights say)")
      ->check(CLI::Range(0.0, 1.0));
  command
      ->add_option("--landmarks", state->landmarks,
                   "dlib model of 68 landmarks, or 'none'; the default one is for research use only")
      ->capture_default_str();
  command
      ->add_option("--picture-rate", options.film.source.picture_rate_hz,
                   "Pictures of a folder that make a second")
      ->capture_default_str();
  command->add_flag("--small-faces", options.film.tracker.detector.find_small_faces,
                    "Search at twice the size (slower)");
  command->add_option("--precision", options.predictor.precision, "auto, fp32 or bf16")
      ->capture_default_str();
  command->add_option("--threads", options.predictor.threads, "Threads, 0 = all cores")
      ->capture_default_str();
  command->add_flag("--profile", state->profile, "Say where the time went");
  command->add_flag("--json", state->json, "Summaries as JSON");
  command->footer("Example: ferv predict film.mp4 --weights run/weights/best.safetensors --out predictions");
  command->callback([state, &context] {
    state->options.film.tracker.landmark_model = state->landmarks == "none" ? "" : state->landmarks;
    state->options.film.source.decoder_threads = state->options.predictor.threads;
    context.observer.log(fmt::format("note: {}", inference::prediction_notice()));
    print_results(inference::predict_files(state->options, context.observer), *state, context.observer);
  });
}

}  // namespace ferv::app
