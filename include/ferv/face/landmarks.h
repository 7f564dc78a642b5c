// SPDX-License-Identifier: Apache-2.0
// The 68 landmarks of a face (dlib's shape predictor; Kazemi and Sullivan 2014).
#pragma once

#include <filesystem>
#include <memory>

#include "ferv/face/face.h"

namespace ferv::face {

/// Where the package libdlib-data lay when ferv was built; empty when it was not found.
///
/// That model was trained on the iBUG 300-W pictures, whose licence excludes commercial use: it is for
/// research. Give the path of a predictor of your own (dlib's format, 68 parts in the 300-W order) for
/// anything else.
[[nodiscard]] std::filesystem::path default_landmark_model();

/// Places the landmarks of a detected face. Predicting is thread-safe.
class LandmarkPredictor {
 public:
  /// Throws kNotFound, or kCorruptData for a file that is no 68-part shape predictor of dlib.
  explicit LandmarkPredictor(const std::filesystem::path& model);
  ~LandmarkPredictor();
  LandmarkPredictor(LandmarkPredictor&&) noexcept;
  LandmarkPredictor& operator=(LandmarkPredictor&&) noexcept;

  /// `box` as the detector gives it.
  [[nodiscard]] Landmarks predict(const media::Image& image, const media::Rectangle& box) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::face
