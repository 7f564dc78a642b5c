// SPDX-License-Identifier: Apache-2.0
// A file of weights at work on films.
#pragma once

#include <filesystem>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/inference/clip_predictor.h"
#include "ferv/inference/film_files.h"

namespace ferv::inference {

/// What FilmStream wants to know. `predictor` must outlive the result.
[[nodiscard]] WindowModel window_model(ClipPredictor& predictor);
/// The same with what outputs say of the model.
[[nodiscard]] FilmModel film_model(ClipPredictor& predictor);

struct PredictFilesOptions : FilmFilesOptions {
  std::filesystem::path weights;
  PredictorOptions predictor;
};

/// As predict_files() with a model. Inputs are checked before the weights are read. Throws as that and
/// ClipPredictor do.
[[nodiscard]] std::vector<PredictedFile> predict_files(const PredictFilesOptions& options,
                                                       const Observer& observer);

}  // namespace ferv::inference
