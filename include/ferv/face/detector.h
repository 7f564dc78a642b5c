// SPDX-License-Identifier: Apache-2.0
// Finds faces in a picture: what every detector can be asked, and the one that comes with ferv.
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

/// A detector. Derive from it to let FaceTracker use your own (a network of yours, a service):
/// docs/face-detectors.md shows one. Need not be thread-safe: every tracker has its own.
class FaceFinder {
 public:
  virtual ~FaceFinder() = default;

  /// All faces of the picture, the largest first, in square boxes from the brows to the chin. Confidences may
  /// have any scale: 0 is where DetectorOptions::threshold begins.
  [[nodiscard]] virtual std::vector<Detection> detect(const media::Image& image) = 0;
  /// Only near an expected face and near its size (0.6 to 1.67 times), with a threshold that may be lower
  /// than that of detect(). As it stands here, it cuts out what is around the face, calls detect(), and drops
  /// what does not fit; a detector that can do better overrides it.
  [[nodiscard]] virtual std::vector<Detection> detect_near(const media::Image& image,
                                                           const media::Rectangle& expected,
                                                           double threshold);
};

struct DetectorOptions {
  /// The picture is shrunk for the search until its longer side has at most this many pixels. The detector
  /// sees faces from 80 pixels up, so faces that take up less than an eighth of a 640-pixel side are missed.
  int search_side_px = 640;
  /// Searches at twice that size, for faces half as large; four times slower.
  bool find_small_faces = false;
  /// Detections with a lower score are dropped; lower values find more faces and more that are none.
  double threshold = 0.0;

  friend bool operator==(const DetectorOptions&, const DetectorOptions&) = default;
};

/// Upright, frontal faces (dlib's HOG detector; King 2009, 2015; Dalal and Triggs 2005). Keeps working
/// memory: make one a thread. Not thread-safe.
class FaceDetector : public FaceFinder {
 public:
  explicit FaceDetector(const DetectorOptions& options = {});
  ~FaceDetector() override;
  FaceDetector(FaceDetector&&) noexcept;
  FaceDetector& operator=(FaceDetector&&) noexcept;

  /// All faces of the picture, the largest first. Throws kInvalidArgument for an empty picture.
  [[nodiscard]] std::vector<Detection> detect(const media::Image& image) override;
  /// Only near an expected face and near its size (0.6 to 1.67 times): many times faster than a search of the
  /// whole. `threshold` may be lower than for the whole picture, as a face was seen here before.
  [[nodiscard]] std::vector<Detection> detect_near(const media::Image& image,
                                                   const media::Rectangle& expected,
                                                   double threshold) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::face
