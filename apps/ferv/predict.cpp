// SPDX-License-Identifier: Apache-2.0
// ferv predict: a timeline of expressions for films, pictures and folders of pictures.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "ferv/face/landmarks.h"
#include "ferv/inference/bundled_weights.h"
#include "ferv/inference/film_predictor.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

constexpr std::size_t kPersonsPrinted = 8;

struct PredictCommand {
  inference::PredictFilesOptions options;
  std::string landmarks = face::default_landmark_model().string();
  std::string formats = "csv,json";
  std::string privacy = "none";
  bool profile = false;
  bool json = false;
};

/// Milliseconds a frame by stage, and the whole: where the time goes.
std::string profile_text(const inference::StageTimes& times, double frames, double duration_s) {
  const auto stage = [&](const char* name, double seconds) {
    return fmt::format("{} {:.2f} ms ({:.0f} %)", name, 1e3 * seconds / frames,
                       times.total_s > 0 ? 100 * seconds / times.total_s : 0.0);
  };
  return fmt::format("a frame: {}, {}, {}, {}, {}, all {:.2f} ms: {:.0f} frames/s, {:.1f} times real time",
                     stage("decode", times.decode_s), stage("face", times.face_s),
                     stage("crop", times.crop_s), stage("model", times.model_s),
                     stage("write", times.write_s), 1e3 * times.total_s / frames, frames / times.total_s,
                     duration_s / times.total_s);
}

void print_profiles(const std::vector<inference::PredictedFile>& files, const Observer& observer) {
  inference::StageTimes all;
  double frames = 0, duration_s = 0;
  const auto log = [&](const std::string& name, const inference::StageTimes& times, double count, double s) {
    observer.log(name + ": " + profile_text(times, count, s));
  };
  for (const inference::PredictedFile& file : files) {
    const auto count = static_cast<double>(file.result.summary.frame_count());
    log(file.input.string(), file.result.times, count, file.result.summary.duration_s());
    all += file.result.times;
    frames += count;
    duration_s += file.result.summary.duration_s();
  }
  if (files.size() > 1) log(fmt::format("all {} films", files.size()), all, frames, duration_s);
}

/// The persons of a film that shows several, those longest on screen first.
std::string persons_text(const inference::TimelineSummary& summary) {
  std::vector<inference::PersonSummary> persons = summary.persons();
  if (persons.size() < 2) return "";
  std::stable_sort(persons.begin(), persons.end(),
                   [](const auto& a, const auto& b) { return a.on_screen_s > b.on_screen_s; });
  std::string text;
  for (std::size_t i = 0; i < std::min(persons.size(), kPersonsPrinted); ++i)
    text += "  " + persons[i].text(summary.classes()) + "\n";
  if (persons.size() > kPersonsPrinted)
    text += fmt::format("  {} more, each shorter in sight\n", persons.size() - kPersonsPrinted);
  return text;
}

nlohmann::ordered_json result_json(const inference::PredictedFile& file, const PredictCommand& command) {
  nlohmann::ordered_json json = {{"input", file.input.string()},
                                 {"summary", file.result.summary.text()},
                                 {"face_found", file.result.summary.frame_count_with_face() > 0},
                                 {"persons", file.result.summary.persons().size()}};
  auto outputs = nlohmann::ordered_json::array();
  for (const auto& path : file.outputs) outputs.push_back(path.string());
  const auto& formats = command.options.formats;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (formats[i] == inference::OutputFormat::kCsv) json["timeline"] = file.outputs.at(i).string();
    if (formats[i] == inference::OutputFormat::kJson) json["facts"] = file.outputs.at(i).string();
  }
  json["outputs"] = outputs;
  return json;
}

void print_results(const std::vector<inference::PredictedFile>& files, const PredictCommand& command) {
  auto list = nlohmann::ordered_json::array();
  for (const inference::PredictedFile& file : files) {
    if (command.json) {
      list.push_back(result_json(file, command));
      continue;
    }
    std::string outputs;
    for (const auto& path : file.outputs) outputs += (outputs.empty() ? "" : ", ") + path.string();
    print(fmt::format("{}: {} -> {}\n{}", file.input.string(), file.result.summary.text(), outputs,
                      persons_text(file.result.summary)));
  }
  if (command.json) print(list.dump(2) + "\n");
}

void run_predict(PredictCommand& command, const Observer& observer) {
  inference::PredictFilesOptions& options = command.options;
  options.formats = inference::output_formats(command.formats);
  options.privacy = inference::privacy_from_name(command.privacy);
  options.film.stream.tracker.landmark_model = command.landmarks == "none" ? "" : command.landmarks;
  options.film.source.decoder_threads = options.predictor.threads;
  if (options.weights.empty()) {
    options.weights = inference::bundled_weights();
    observer.log("weights: those that come with ferv, " + options.weights.filename().string());
  }
  observer.log(fmt::format("note: {}", inference::prediction_notice()));
  const auto files = inference::predict_files(options, observer);
  if (command.profile) print_profiles(files, observer);
  print_results(files, command);
}

}  // namespace

void add_predict(CLI::App& parent, Context& context) {
  const auto state = std::make_shared<PredictCommand>();
  inference::PredictFilesOptions& options = state->options;
  CLI::App* command =
      parent.add_subcommand("predict", "Timeline of expressions for films, pictures and cameras");
  command
      ->add_option("input", options.inputs,
                   "Films, folders of films, pictures, folders of pictures in natural order, or a camera "
                   "(camera:0)")
      ->required();
  command->add_option("--weights", options.weights,
                      "Weights of ferv (safetensors); without it those that come with ferv");
  command->add_option("--out", options.out, "Folder for the files that are written")->required();
  command
      ->add_option("--formats", state->formats,
                   "csv (a row a face and frame), json (summary, persons), jsonl (a line a frame), segments, "
                   "srt, vtt, eaf (ELAN), mp4 (annotated film), html (viewer), or all")
      ->capture_default_str();
  command
      ->add_option("--faces", options.film.stream.tracker.face_limit,
                   "Faces followed at once, the largest first, each with a timeline of its own")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command
      ->add_option(
          "--privacy", state->privacy,
          "In mp4 and html: none, blur (hides the faces that are followed: raise --faces for crowds) "
          "or landmarks (lines on black, nothing of the film)")
      ->capture_default_str();
  command->add_option("--stride", options.film.stream.windows.stride, "Frames from one window to the next")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--window", options.film.stream.windows.window_s, "Seconds that a window spans")
      ->check(CLI::Range(0.001, 1e6))
      ->capture_default_str();
  command
      ->add_option(
          "--uncertain-below", options.film.stream.windows.uncertain_below,
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
  command
      ->add_option("--seconds", options.camera_s,
                   "Of a camera: how long it is watched, 0 = until Ctrl-C; then its files are written")
      ->check(CLI::Range(0.0, 1e9));
  command->add_flag("--small-faces", options.film.stream.tracker.detector.find_small_faces,
                    "Search at twice the size (slower)");
  command->add_option("--device", options.predictor.device, "auto, cpu, cuda or cuda:<number>")
      ->capture_default_str();
  command->add_option("--precision", options.predictor.precision, "auto, fp32, bf16, or on a GPU fp16")
      ->capture_default_str();
  add_threads_option(*command, options.predictor.threads);
  command->add_flag("--profile", state->profile, "Say where the time went, stage by stage");
  command->add_flag("--json", state->json, "Summaries as JSON");
  command->footer(
      "Example: ferv predict film.mp4 --out predictions\n"
      "         ferv predict film.mp4 --weights run/weights/best.safetensors --out predictions --formats "
      "csv,json,srt,html\n"
      "The weights that come with ferv look at single pictures; weights/README.md says what they can and\n"
      "cannot do.");
  command->callback([state, &context] { run_predict(*state, context.observer); });
}

}  // namespace ferv::app
