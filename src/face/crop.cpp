// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/crop.h"

#include <algorithm>
#include <cmath>

#include "ferv/base/error.h"

namespace ferv::face {
namespace {

/// From the spread of the landmarks without the jaw to the detector's box, so that both ways of placing
/// agree: means over upright faces.
constexpr double kBoxSidesPerSpread = 3.3;
constexpr double kBoxCentreDrop = 0.07;  ///< the box's centre lies this many spreads below the landmarks'
constexpr std::size_t kFirstInnerLandmark = 17;

Point mean_of(const Landmarks& landmarks, std::size_t begin, std::size_t end) {
  Point sum;
  for (std::size_t i = begin; i < end; ++i) {
    sum.x += landmarks[i].x;
    sum.y += landmarks[i].y;
  }
  const auto count = static_cast<double>(end - begin);
  return {sum.x / count, sum.y / count};
}

/// Bilinear, with the edge repeated.
void sample(const media::Image& image, Point at, std::uint8_t* to) {
  const double x = std::clamp(at.x - 0.5, 0.0, image.width_px - 1.0);
  const double y = std::clamp(at.y - 0.5, 0.0, image.height_px - 1.0);
  const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, image.width_px - 1), y1 = std::min(y0 + 1, image.height_px - 1);
  const auto wx = static_cast<float>(x - x0), wy = static_cast<float>(y - y0);
  const std::uint8_t* upper = image.row(y0);
  const std::uint8_t* lower = image.row(y1);
  for (int c = 0; c < 3; ++c) {
    const float above =
        static_cast<float>(upper[3 * x0 + c]) * (1 - wx) + static_cast<float>(upper[3 * x1 + c]) * wx;
    const float below =
        static_cast<float>(lower[3 * x0 + c]) * (1 - wx) + static_cast<float>(lower[3 * x1 + c]) * wx;
    to[c] = static_cast<std::uint8_t>(above * (1 - wy) + below * wy + 0.5F);
  }
}

}  // namespace

CropPlacement place_crop(const Face& face, const CropOptions& options) {
  CropPlacement placement;
  if (!face.landmarks) {
    placement.centre = {face.box.left + face.box.width / 2, face.box.top + face.box.height / 2};
    placement.side_px = face.box.width * (1 + options.margin);
    return placement;
  }
  const Landmarks& landmarks = *face.landmarks;
  const Point left_eye = mean_of(landmarks, 36, 42), right_eye = mean_of(landmarks, 42, 48);
  placement.roll_rad = std::atan2(right_eye.y - left_eye.y, right_eye.x - left_eye.x);
  const Point middle = mean_of(landmarks, kFirstInnerLandmark, kLandmarkCount);
  double squares = 0;
  for (std::size_t i = kFirstInnerLandmark; i < kLandmarkCount; ++i) {
    squares += std::pow(landmarks[i].x - middle.x, 2) + std::pow(landmarks[i].y - middle.y, 2);
  }
  const double spread = std::sqrt(squares / static_cast<double>(kLandmarkCount - kFirstInnerLandmark));
  const double drop = kBoxCentreDrop * spread;
  placement.centre = {middle.x - drop * std::sin(placement.roll_rad),
                      middle.y + drop * std::cos(placement.roll_rad)};
  placement.side_px = kBoxSidesPerSpread * spread * (1 + options.margin);
  return placement;
}

media::Image cut_crop(const media::Image& image, const CropPlacement& placement, int size_px) {
  if (image.empty()) throw invalid_argument("cannot cut a face out of an empty picture");
  if (!(placement.side_px > 0) || size_px < 1 || size_px > 4096) {
    throw invalid_argument("crop of " + std::to_string(placement.side_px) + " px to " +
                           std::to_string(size_px) + " px, wanted a positive side and 1 to 4096");
  }
  const double side = placement.side_px;
  constexpr double kLevelRad = 1e-3;  // a twentieth of a pixel at the rim of a 112-pixel crop
  if (std::abs(placement.roll_rad) < kLevelRad) {
    return media::crop_and_resize(
        image, {placement.centre.x - side / 2, placement.centre.y - side / 2, side, side}, size_px, size_px);
  }
  // First the upright square around the turned one, at the final resolution and with antialiasing; then the
  // turn.
  const double sine = std::sin(placement.roll_rad), cosine = std::cos(placement.roll_rad);
  const int around_px = static_cast<int>(std::ceil(size_px * (std::abs(sine) + std::abs(cosine)))) + 2;
  const double around = side * around_px / size_px;
  const media::Image upright = media::crop_and_resize(
      image, {placement.centre.x - around / 2, placement.centre.y - around / 2, around, around}, around_px,
      around_px);
  media::Image result(size_px, size_px);
  for (int y = 0; y < size_px; ++y) {
    std::uint8_t* to = result.row(y);
    const double dy = y + 0.5 - size_px / 2.0;
    for (int x = 0; x < size_px; ++x, to += 3) {
      const double dx = x + 0.5 - size_px / 2.0;
      sample(upright, {around_px / 2.0 + dx * cosine - dy * sine, around_px / 2.0 + dx * sine + dy * cosine},
             to);
    }
  }
  return result;
}

}  // namespace ferv::face
