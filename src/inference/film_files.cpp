// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/stopwatch.h"
#include "ferv/base/version.h"
#include "ferv/media/file_names.h"
#include "live_source.h"

namespace ferv::inference {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// "film.mp4" also for "folder/" and "folder/.".
std::string name_of(const fs::path& input) {
  const fs::path absolute = fs::absolute(input).lexically_normal();
  return absolute.has_filename() ? absolute.filename().string() : absolute.parent_path().filename().string();
}

/// Of the files that are written for the input.
std::string stem_of(const fs::path& input) {
  std::string name = name_of(input);
  if (media::is_camera(input)) {
    std::erase(name, ':');
    return name;
  }
  return fs::is_directory(input) ? name : fs::path(name).stem().string();
}

/// Those of a folder without pictures; empty for any other folder.
std::vector<fs::path> films_in(const fs::path& folder) {
  std::vector<fs::path> films;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (media::is_picture_name(name)) return {};
    if (media::is_film_name(name)) films.push_back(entry.path());
  }
  std::sort(films.begin(), films.end(), [](const fs::path& a, const fs::path& b) {
    return media::natural_less(a.filename().string(), b.filename().string());
  });
  return films;
}

/// `options` with films in place of folders of films.
FilmFilesOptions without_folders_of_films(const FilmFilesOptions& options) {
  FilmFilesOptions result = options;
  result.inputs.clear();
  for (const fs::path& input : options.inputs) {
    const std::vector<fs::path> films = films_in(input);
    if (films.empty()) result.inputs.push_back(input);
    result.inputs.insert(result.inputs.end(), films.begin(), films.end());
  }
  return result;
}

double threshold_of(const FilmFilesOptions& options, const FilmModel& model) {
  return options.film.stream.windows.uncertain_below.value_or(model.window.uncertain_below);
}

Json shares_of(const std::vector<double>& label_shares, double uncertain_share,
               const std::vector<std::string>& classes) {
  Json shares = Json::object();
  for (std::size_t i = 0; i < label_shares.size(); ++i) shares[classes.at(i)] = label_shares[i];
  if (!label_shares.empty()) shares["uncertain"] = uncertain_share;
  return shares;
}

Json persons_of(const TimelineSummary& summary) {
  Json persons = Json::array();
  const auto episodes_json = [](const Episodes& episodes) {
    return Json{{"count", episodes.count}, {"longest_s", episodes.longest_s}};
  };
  for (const PersonSummary& person : summary.persons()) {
    Json episodes = Json::object();
    for (std::size_t i = 0; i < person.episodes.size(); ++i)
      episodes[summary.classes().at(i)] = episodes_json(person.episodes[i]);
    episodes["uncertain"] = episodes_json(person.uncertain_episodes);
    persons.push_back(
        {{"face_id", person.face_id},
         {"first_s", person.first_s},
         {"last_s", person.last_s},
         {"on_screen_s", person.on_screen_s},
         {"frames", person.frame_count},
         {"label_shares", shares_of(person.label_shares, person.uncertain_share, summary.classes())},
         {"episodes", episodes}});
  }
  return persons;
}

std::string facts_of(const FilmFilesOptions& options, const FilmModel& model, const fs::path& input,
                     const FilmResult& result) {
  const TimelineSummary& summary = result.summary;
  const StreamOptions& stream = options.film.stream;
  const Json facts = {{"input", name_of(input)},
                      {"summary", summary.text()},
                      {"face_found", summary.frame_count_with_face() > 0},
                      {"frames", summary.frame_count()},
                      {"frames_with_face", summary.frame_count_with_face()},
                      {"duration_s", summary.duration_s()},
                      {"with_face_s", summary.with_face_s()},
                      {"label_shares_of_frames_with_face",
                       shares_of(summary.label_shares(), summary.uncertain_share(), summary.classes())},
                      {"persons", persons_of(summary)},
                      {"warning", result.warning},
                      {"notice", std::string(prediction_notice())},
                      {"model", model.id},
                      {"about_model", model.about},
                      {"weights_hash", model.weights_hash},
                      {"clip_spec", Json::parse(to_json(model.window.spec))},
                      {"uncertain_below", threshold_of(options, model)},
                      {"window_s", stream.windows.window_s},
                      {"stride_frames", stream.windows.stride},
                      {"face_limit", stream.tracker.face_limit},
                      {"landmark_model", stream.tracker.landmark_model.filename().string()},
                      {"ferv_version", std::string(version())}};
  // Names of files need not be text.
  return facts.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Frames to work on, 0 when a header does not say; opens every input, so that one that is no film is told
/// before hours of work on the others.
std::uint64_t frames_to_do(const FilmFilesOptions& options, bool reads_twice) {
  std::uint64_t total = 0;
  bool is_known = true;
  for (const fs::path& input : options.inputs) {
    if (media::is_camera(input)) return 0;  // opening it takes a while, and it does not know
    const auto source = media::open_video_source(input, options.film.source);
    const auto count = source->metadata().frame_count_from_header;
    is_known = is_known && count.value_or(0) > 0;
    total += static_cast<std::uint64_t>(count.value_or(0));
  }
  return is_known ? total * (reads_twice ? 2 : 1) : 0;
}

/// What a file is made with.
struct FileWork {
  const FilmFilesOptions& options;
  const FilmModel& model;
  FilmStream& stream;
  FrameProgress& progress;
  const Observer& observer;
};

std::unique_ptr<media::VideoSource> open_input(const fs::path& input, const FileWork& work) {
  auto source = media::open_video_source(input, work.options.film.source);
  if (!media::is_camera(input)) return source;
  return std::make_unique<LiveSource>(std::move(source), work.observer, work.options.camera_s);
}

PredictedFile predict_file(const fs::path& input, const FileWork& work) {
  OutputOptions wanted;
  wanted.formats = work.options.formats;
  wanted.privacy = work.options.privacy;
  wanted.folder = work.options.out;
  wanted.name = stem_of(input);
  wanted.input = input;
  wanted.source = work.options.film.source;
  FilmOutputs outputs(wanted, work.model);
  double write_s = 0;
  const auto write_row = [&](const TimelineRow& row) {
    const TimedSection watch(write_s);
    outputs.add(row);
  };
  const auto source = open_input(input, work);
  PredictedFile file{
      input, {}, predict_film(*source, work.stream, work.model.classes, {write_row, work.progress})};
  const Stopwatch finishing;
  const std::string facts = facts_of(work.options, work.model, input, file.result);
  file.outputs = outputs.finish(file.result, facts, work.progress);
  file.result.times.write_s = write_s + finishing.seconds();
  file.result.times.total_s += finishing.seconds();
  return file;
}

bool has_camera(const FilmFilesOptions& options) {
  return std::any_of(options.inputs.begin(), options.inputs.end(), media::is_camera);
}

void require_usable_camera(const FilmFilesOptions& options) {
  if (!has_camera(options)) {
    if (options.camera_s > 0) throw invalid_argument("seconds to watch a camera for, but no camera is given");
    return;
  }
  if (options.inputs.size() > 1)
    throw invalid_argument(
        "a camera and other inputs: give the camera alone, it goes on until it is stopped");
  OutputOptions wanted;
  wanted.formats = options.formats;
  if (wanted.wants_pictures()) {
    throw unsupported(
        "mp4 and html of a camera: they show its frames a second time; record it and give the film");
  }
}

void require_usable_inputs(const FilmFilesOptions& options) {
  if (options.inputs.empty()) throw invalid_argument("no film, picture or folder was given");
  if (options.formats.empty()) throw invalid_argument("no format to write was given");
  if (options.privacy == Privacy::kLandmarks && options.film.stream.tracker.landmark_model.empty())
    throw invalid_argument("privacy by landmarks wants a model of landmarks");
  require_usable_camera(options);
  std::map<fs::path, fs::path> owners;
  for (const auto& input : options.inputs) {
    std::error_code status;
    if (!media::is_camera(input) && !fs::exists(input, status))
      throw not_found(input, "a film, a picture or a folder of pictures");
    for (const OutputFormat format : options.formats) {
      const fs::path output = output_path(options.out, stem_of(input), format);
      if (fs::exists(output, status) && fs::equivalent(output, input, status))
        throw invalid_argument(input.string() + " would be written over; give another --out folder");
      const auto [owner, is_new] = owners.emplace(output, input);
      if (!is_new) {
        throw invalid_argument(owner->second.string() + " and " + input.string() +
                               " would both be written to " + owner->first.string() +
                               "; give them different --out folders");
      }
    }
  }
}

}  // namespace

void require_usable(const FilmFilesOptions& options) {
  require_usable_inputs(without_folders_of_films(options));
}

std::vector<PredictedFile> predict_files(const FilmFilesOptions& given, const FilmModel& model,
                                         const Observer& observer) {
  const FilmFilesOptions options = without_folders_of_films(given);
  require_usable_inputs(options);
  FilmStream stream(model.window, options.film.stream);
  make_folder(options.out);
  OutputOptions wanted;
  wanted.formats = options.formats;
  const std::size_t count = options.inputs.size();
  // A camera's film ends when somebody wants an end: that is no reason to give up.
  Observer unstoppable = observer;
  unstoppable.stop_requested = nullptr;
  FrameProgress progress(has_camera(options) ? unstoppable : observer,
                         count == 1 ? "predict " + name_of(options.inputs[0]) : "predict",
                         frames_to_do(options, wanted.wants_pictures()));
  std::vector<PredictedFile> files;
  for (const auto& input : options.inputs) {
    if (count > 1) progress.begin(fmt::format("{}, {} of {}", name_of(input), files.size() + 1, count));
    files.push_back(predict_file(input, {options, model, stream, progress, observer}));
    const std::string& warning = files.back().result.warning;
    if (!warning.empty()) observer.warn(input.string() + ": " + warning);
  }
  return files;
}

}  // namespace ferv::inference
