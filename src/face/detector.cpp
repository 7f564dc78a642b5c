// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/detector.h"

#include <dlib/image_processing/frontal_face_detector.h>

#include <algorithm>
#include <cmath>

#include "dlib_grey.h"
#include "ferv/base/error.h"
#include "grey_image.h"

namespace ferv::face {
namespace {

/// What an expected face is resized to: a little above the 80 pixels that the detector needs, so that a face
/// that shrinks between two frames is still seen.
constexpr double kExpectedSidePx = 96;
/// The part of the frame that is searched around an expected face, in sides of its box.
constexpr double kSearchShare = 1.9;
/// How much smaller and larger than expected a face near by may be.
constexpr double kLeastGrowth = 0.6;
constexpr double kMostGrowth = 1.67;
/// HOG cells of 8 pixels and a window of 10 of them: less cannot hold a face.
constexpr int kSmallestSearchPx = 80;

/// dlib unpacks it from text, which takes a quarter of a second: once a process is enough.
const dlib::frontal_face_detector& trained_detector() {
  static const dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
  return detector;
}

}  // namespace

std::vector<Detection> FaceFinder::detect_near(const media::Image& image, const media::Rectangle& expected,
                                               double threshold) {
  if (expected.width <= 0 || expected.height <= 0) throw invalid_argument("the expected face has no size");
  const double side = std::max(expected.width, expected.height), width = side * kSearchShare;
  const int left = static_cast<int>(std::floor(expected.left + expected.width / 2 - width / 2));
  const int top = static_cast<int>(std::floor(expected.top + expected.height / 2 - width / 2));
  const int begin_x = std::max(0, left), begin_y = std::max(0, top);
  const int end_x = std::min(image.width_px, left + static_cast<int>(width) + 1);
  const int end_y = std::min(image.height_px, top + static_cast<int>(width) + 1);
  if (end_x <= begin_x || end_y <= begin_y) return {};
  media::Image part(end_x - begin_x, end_y - begin_y);
  for (int y = 0; y < part.height_px; ++y)
    std::copy_n(image.row(begin_y + y) + 3 * std::ptrdiff_t{begin_x}, part.row_bytes(), part.row(y));
  std::vector<Detection> detections = detect(part);
  for (Detection& one : detections) {
    one.box.left += begin_x;
    one.box.top += begin_y;
  }
  std::erase_if(detections, [&](const Detection& one) {
    return one.confidence < threshold || one.box.width < side * kLeastGrowth ||
           one.box.width > side * kMostGrowth;
  });
  return detections;
}

struct FaceDetector::State {
  DetectorOptions options;
  dlib::frontal_face_detector detector = trained_detector();
  dlib::array2d<unsigned char> grey;
  std::vector<dlib::rect_detection> found;

  std::vector<Detection> run(const GreyView& view, double threshold) {
    std::vector<Detection> detections;
    if (std::min(view.image.width_px, view.image.height_px) < kSmallestSearchPx / 2) return detections;
    copy_to_dlib(view.image, grey);
    found.clear();
    detector(grey, found, threshold);
    for (const dlib::rect_detection& one : found) {
      const double side = static_cast<double>(std::max(one.rect.width(), one.rect.height())) * view.scale;
      const double centre_x =
          view.left + (static_cast<double>(one.rect.left() + one.rect.right() + 1) / 2) * view.scale;
      const double centre_y =
          view.top + (static_cast<double>(one.rect.top() + one.rect.bottom() + 1) / 2) * view.scale;
      detections.push_back(
          {{centre_x - side / 2, centre_y - side / 2, side, side}, one.detection_confidence});
    }
    std::stable_sort(detections.begin(), detections.end(),
                     [](const Detection& a, const Detection& b) { return a.box.width > b.box.width; });
    return detections;
  }
};

FaceDetector::FaceDetector(const DetectorOptions& options) {
  if (options.search_side_px < kSmallestSearchPx || options.search_side_px > 16384) {
    throw invalid_argument("search side is " + std::to_string(options.search_side_px) +
                           " px, wanted 80 to 16384");
  }
  state_ = std::make_unique<State>();
  state_->options = options;
}

FaceDetector::~FaceDetector() = default;
FaceDetector::FaceDetector(FaceDetector&&) noexcept = default;
FaceDetector& FaceDetector::operator=(FaceDetector&&) noexcept = default;

std::vector<Detection> FaceDetector::detect(const media::Image& image) {
  if (image.empty()) throw invalid_argument("cannot look for faces in an empty picture");
  const DetectorOptions& options = state_->options;
  double scale =
      std::max(1.0, static_cast<double>(std::max(image.width_px, image.height_px)) / options.search_side_px);
  if (options.find_small_faces) scale /= 2;
  const media::Rectangle whole{0, 0, static_cast<double>(image.width_px),
                               static_cast<double>(image.height_px)};
  return state_->run(grey_view(image, whole, scale), options.threshold);
}

std::vector<Detection> FaceDetector::detect_near(const media::Image& image, const media::Rectangle& expected,
                                                 double threshold) {
  if (image.empty()) throw invalid_argument("cannot look for faces in an empty picture");
  if (expected.width <= 0 || expected.height <= 0) throw invalid_argument("the expected face has no size");
  const double side = std::max(expected.width, expected.height);
  const double width = side * kSearchShare;
  const media::Rectangle region{expected.left + expected.width / 2 - width / 2,
                                expected.top + expected.height / 2 - width / 2, width, width};
  // Enlarging beyond what the picture holds invents nothing: half again is enough for faces below the
  // detector's size.
  const double scale = std::max(side / kExpectedSidePx, 0.5);
  std::vector<Detection> detections = state_->run(grey_view(image, region, scale), threshold);
  std::erase_if(detections, [&](const Detection& one) {
    return one.box.width < side * kLeastGrowth || one.box.width > side * kMostGrowth;
  });
  return detections;
}

}  // namespace ferv::face
