// SPDX-License-Identifier: Apache-2.0
// Finds upright, frontal faces in a picture (dlib's HOG detector; King 2009, 2015; Dalal and Triggs 2005).
#pragma once

#include <memory>
#include <vector>

#include "ferv/media/image.h"

namespace ferv::face {

/// A face that the detector saw.
struct Detection {
  media::Rectangle box;   ///< square, from the brows to the chin
  double confidence = 0;  ///< at least DetectorOptions::threshold
};

struct DetectorOptions {
  /// The picture is shrunk for the search until its longer side has at most this many pixels. The detector
  /// sees faces from 80 pixels up, so faces that take up less than an eighth of a 640-pixel side are missed.
  int search_side_px = 640;
  /// Searches at twice that size, for faces half as large; four times slower.
  bool find_small_faces = false;
  /// Detections with a lower score are dropped; lower values find more faces and more that are none.
  double threshold = 0.0;
};

/// Keeps working memory: make one a thread. Not thread-safe.
class FaceDetector {
 public:
  explicit FaceDetector(const DetectorOptions& options = {});
  ~FaceDetector();
  FaceDetector(FaceDetector&&) noexcept;
  FaceDetector& operator=(FaceDetector&&) noexcept;

  /// All faces of the picture, the largest first. Throws kInvalidArgument for an empty picture.
  [[nodiscard]] std::vector<Detection> detect(const media::Image& image);
  /// Only near an expected face and near its size (0.6 to 1.67 times): many times faster than a search of the
  /// whole. `threshold` may be lower than for the whole picture, as a face was seen here before.
  [[nodiscard]] std::vector<Detection> detect_near(const media::Image& image,
                                                   const media::Rectangle& expected, double threshold);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::face
