// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_predictor.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/stopwatch.h"
#include "ferv/base/version.h"

namespace ferv::inference {
namespace {

media::Image model_crop(const media::Image& frame, const face::Face& face, const face::CropOptions& options,
                        const ClipSpec& spec) {
  media::Image crop = face::cut_crop(frame, face::place_crop(face, options), options.size_px);
  if (crop.width_px == spec.width_px && crop.height_px == spec.height_px) return crop;
  const media::Rectangle whole{0, 0, static_cast<double>(crop.width_px), static_cast<double>(crop.height_px)};
  return media::crop_and_resize(crop, whole, spec.width_px, spec.height_px);
}

/// "film.mp4" also for "folder/" and "folder/.".
std::string name_of(const std::filesystem::path& input) {
  const std::filesystem::path absolute = std::filesystem::absolute(input).lexically_normal();
  return absolute.has_filename() ? absolute.filename().string() : absolute.parent_path().filename().string();
}

std::filesystem::path output_path(const PredictFilesOptions& options, const std::filesystem::path& input,
                                  const char* extension) {
  const bool is_folder = std::filesystem::is_directory(input);
  const std::string name = name_of(input);
  const std::string stem = is_folder ? name : std::filesystem::path(name).stem().string();
  return options.out / (stem + extension);
}

void require_distinct_inputs(const PredictFilesOptions& options) {
  if (options.inputs.empty()) throw invalid_argument("no film, picture or folder was given");
  std::map<std::filesystem::path, std::filesystem::path> owners;
  for (const auto& input : options.inputs) {
    std::error_code status;
    if (!std::filesystem::exists(input, status))
      throw not_found(input, "a film, a picture or a folder of pictures");
    const auto [owner, is_new] = owners.emplace(output_path(options, input, ".csv"), input);
    if (!is_new) {
      throw invalid_argument(owner->second.string() + " and " + input.string() +
                             " would both be written to " + owner->first.string() +
                             "; give them different --out folders");
    }
  }
}

double uncertain_below(const FilmOptions& options, const ClipPredictor& predictor) {
  return options.uncertain_below.value_or(predictor.uncertain_below());
}

nlohmann::ordered_json facts_of(const PredictFilesOptions& options, const ClipPredictor& predictor,
                                const std::filesystem::path& input, const FilmResult& result) {
  const TimelineSummary& summary = result.summary;
  nlohmann::ordered_json shares = nlohmann::ordered_json::object();
  const std::vector<double> label_shares = summary.label_shares();
  for (std::size_t i = 0; i < label_shares.size(); ++i) shares[summary.classes()[i]] = label_shares[i];
  if (!label_shares.empty()) shares["uncertain"] = summary.uncertain_share();
  return {{"input", name_of(input)},
          {"summary", summary.text()},
          {"face_found", summary.frame_count_with_face() > 0},
          {"frames", summary.frame_count()},
          {"frames_with_face", summary.frame_count_with_face()},
          {"duration_s", summary.duration_s()},
          {"with_face_s", summary.with_face_s()},
          {"label_shares_of_frames_with_face", shares},
          {"warning", result.warning},
          {"notice", std::string(prediction_notice())},
          {"model", predictor.model_id()},
          {"weights_hash", predictor.weights_hash()},
          {"clip_spec", nlohmann::ordered_json::parse(to_json(predictor.spec()))},
          {"uncertain_below", uncertain_below(options.film, predictor)},
          {"window_s", options.film.windows.window_s},
          {"stride_frames", options.film.windows.stride},
          {"landmark_model", options.film.tracker.landmark_model.filename().string()},
          {"ferv_version", std::string(version())}};
}

}  // namespace

FilmResult predict_film(const std::filesystem::path& input, ClipPredictor& predictor,
                        face::FaceTracker& tracker, const FilmOptions& options, const RowSink& sink,
                        const Observer& observer) {
  FilmResult result{TimelineSummary(predictor.classes()), {}, {}};
  StageTimes& times = result.times;
  const TimedSection total(times.total_s);
  WindowModel model{predictor.spec(), predictor.sampling(), predictor.classes().size(),
                    [&](std::span<const std::uint8_t> pixels, std::size_t count) {
                      const TimedSection watch(times.model_s);
                      return predictor.predict(pixels, count);
                    }};
  WindowOptions windows = options.windows;
  windows.uncertain_below = uncertain_below(options, predictor);
  TimelineBuilder builder(std::move(model), windows, [&](const TimelineRow& row) {
    result.summary.add(row);
    sink(row);
  });
  const auto source = media::open_video_source(input, options.source);
  const auto frame_total = static_cast<std::uint64_t>(source->metadata().frame_count_from_header.value_or(0));
  const std::string task = "predict " + name_of(input);
  tracker.reset();
  const auto read = [&](media::VideoFrame& frame) {
    const TimedSection watch(times.decode_s);
    return source->read(frame);
  };
  for (media::VideoFrame frame; read(frame);) {
    if (observer.should_stop()) throw failed("stopped before the end of " + input.string());
    face::FrameFaces found;
    {
      const TimedSection watch(times.face_s);
      found = tracker.push(frame.image, frame.timestamp_s);
    }
    FrameInput step{frame.index, frame.timestamp_s, nullptr, nullptr, found.shot_changed};
    media::Image crop;
    if (!found.faces.empty()) {
      const TimedSection watch(times.crop_s);
      crop = model_crop(frame.image, found.faces.front(), options.crop, predictor.spec());
      step.face = &found.faces.front();
      step.crop = &crop;
    }
    builder.push(step);
    const auto done = static_cast<std::uint64_t>(frame.index) + 1;
    observer.progress({task, done, std::max(done, frame_total), "frames", ""});
  }
  builder.finish();
  result.warning = source->warning();
  return result;
}

std::vector<PredictedFile> predict_files(const PredictFilesOptions& options, const Observer& observer) {
  require_distinct_inputs(options);
  ClipPredictor predictor(options.weights, options.predictor);
  face::FaceTracker tracker(options.film.tracker);
  make_folder(options.out);
  std::vector<PredictedFile> files;
  for (const auto& input : options.inputs) {
    PredictedFile file{input,
                       output_path(options, input, ".csv"),
                       output_path(options, input, ".json"),
                       {TimelineSummary({}), {}, {}}};
    AtomicFile timeline(file.timeline);
    timeline.write(timeline_header(predictor.classes()));
    file.result = predict_film(
        input, predictor, tracker, options.film,
        [&](const TimelineRow& row) { timeline.write(timeline_line(row, predictor.classes())); }, observer);
    if (!file.result.warning.empty()) observer.warn(input.string() + ": " + file.result.warning);
    timeline.commit();
    write_file_atomically(file.facts, facts_of(options, predictor, input, file.result).dump(2) + "\n");
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace ferv::inference
