// SPDX-License-Identifier: Apache-2.0
// From films, pictures and folders of pictures to files beside each other in one folder.
#pragma once

#include <filesystem>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/inference/film_outputs.h"
#include "ferv/inference/film_run.h"

namespace ferv::inference {

struct FilmOptions {
  media::VideoSourceOptions source = {};
  StreamOptions stream = {};
};

struct FilmFilesOptions {
  /// A folder that holds films and no pictures stands for its films.
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path out;
  std::vector<OutputFormat> formats = {OutputFormat::kCsv, OutputFormat::kJson};
  Privacy privacy = Privacy::kNone;
  FilmOptions film;
  double camera_s = 0;  ///< a camera is watched so long; 0 = until the observer wants an end
};

/// A film and the files that were written for it.
struct PredictedFile {
  std::filesystem::path input;
  std::vector<std::filesystem::path> outputs;
  FilmResult result;
};

/// Throws kNotFound for a missing input; kInvalidArgument for none, for two of one name, for one that would
/// be written over, for a camera beside other inputs, and for privacy by landmarks without a model of
/// landmarks; kUnsupported for formats that want to see a camera's frames a second time.
void require_usable(const FilmFilesOptions& options);

/// Writes what was asked for of each input, under its name, each file whole or not at all. A film without a
/// face is no error. Every input is looked at before work begins. A camera's film ends when
/// the observer wants an end, and is written. Throws as require_usable() and
/// media::open_video_source(), then as predict_film() and FilmOutputs.
[[nodiscard]] std::vector<PredictedFile> predict_files(const FilmFilesOptions& options,
                                                       const FilmModel& model, const Observer& observer);

}  // namespace ferv::inference
