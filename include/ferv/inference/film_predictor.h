// SPDX-License-Identifier: Apache-2.0
// From a film, a picture or a folder of pictures to a timeline, in memory or as files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/face/crop.h"
#include "ferv/face/tracker.h"
#include "ferv/inference/clip_predictor.h"
#include "ferv/inference/timeline.h"
#include "ferv/inference/timeline_builder.h"
#include "ferv/media/video_source.h"

namespace ferv::inference {

struct FilmOptions {
  media::VideoSourceOptions source;
  face::TrackerOptions tracker;  ///< of the faces found, the largest gets the timeline
  face::CropOptions crop;
  WindowOptions windows;
  /// Instead of windows.uncertain_below: as the weights say when it is empty.
  std::optional<double> uncertain_below;
};

/// Where the time went, in seconds of wall clock.
struct StageTimes {
  double decode_s = 0;
  double face_s = 0;  ///< cuts, detection, tracking, landmarks
  double crop_s = 0;
  double model_s = 0;
  double total_s = 0;
};

struct FilmResult {
  TimelineSummary summary;
  StageTimes times;
  std::string warning;  ///< what was wrong with the film, empty when nothing was
};

/// Runs one film through face tracking and model; rows go to `sink` in order of frames. `tracker` is reset
/// first. Throws kNotFound, kCorruptData for the input; kFailed when asked to stop.
[[nodiscard]] FilmResult predict_film(const std::filesystem::path& input, ClipPredictor& predictor,
                                      face::FaceTracker& tracker, const FilmOptions& options,
                                      const RowSink& sink, const Observer& observer);

struct PredictFilesOptions {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path weights;
  std::filesystem::path out;
  PredictorOptions predictor;
  FilmOptions film;
};

/// A film and the files that were written for it.
struct PredictedFile {
  std::filesystem::path input;
  std::filesystem::path timeline;  ///< OUT/<stem>.csv
  std::filesystem::path facts;     ///< OUT/<stem>.json
  FilmResult result;
};

/// Writes a timeline (CSV) and a summary with the facts of the run (JSON) for each input, each file whole or
/// not at all. Missing inputs and two inputs of one stem are found before any work is done. A film without a
/// face is no error. Throws as predict_film and ClipPredictor do, kIo when a file cannot be written.
[[nodiscard]] std::vector<PredictedFile> predict_files(const PredictFilesOptions& options,
                                                       const Observer& observer);

}  // namespace ferv::inference
