// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_predictor.h"

namespace ferv::inference {

WindowModel window_model(ClipPredictor& predictor) {
  return {predictor.spec(), predictor.sampling(), predictor.classes().size(), predictor.uncertain_below(),
          [&predictor](std::span<const std::uint8_t> pixels, std::size_t count) {
            return predictor.predict(pixels, count);
          }};
}

FilmModel film_model(ClipPredictor& predictor) {
  return {window_model(predictor), predictor.classes(), predictor.model_id(), predictor.weights_hash()};
}

std::vector<PredictedFile> predict_files(const PredictFilesOptions& options, const Observer& observer) {
  require_usable(options);
  ClipPredictor predictor(options.weights, options.predictor);
  return predict_files(options, film_model(predictor), observer);
}

}  // namespace ferv::inference
