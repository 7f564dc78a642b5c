// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_predictor.h"

namespace ferv::inference {

WindowModel window_model(ClipPredictor& predictor) {
  WindowModel model{predictor.spec(), predictor.sampling(), predictor.classes().size(),
                    predictor.uncertain_below(),
                    [&predictor](std::span<const std::uint8_t> pixels, std::size_t count) {
                      return predictor.predict(pixels, count);
                    }};
  model.test_crop = predictor.test_crop();
  // Windows of one frame have nothing to share.
  if (!predictor.is_framewise() || predictor.spec().frame_count == 1) return model;
  model.frame_features = [&predictor](std::span<const std::uint8_t> pixels, std::size_t count) {
    return predictor.frame_features(pixels, count);
  };
  model.predict_features = [&predictor](std::span<const float> features, std::size_t count) {
    return predictor.predict_features(features, count);
  };
  return model;
}

FilmModel film_model(ClipPredictor& predictor) {
  return {window_model(predictor), predictor.classes(), predictor.model_id(), predictor.weights_hash(),
          predictor.about()};
}

std::vector<PredictedFile> predict_files(const PredictFilesOptions& options, const Observer& observer) {
  require_usable(options);
  ClipPredictor predictor(options.weights, options.predictor);
  observer.log("model: " + predictor.about());
  return predict_files(options, film_model(predictor), observer);
}

}  // namespace ferv::inference
