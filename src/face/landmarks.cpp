// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/landmarks.h"

#include <dlib/image_processing/shape_predictor.h>
#include <dlib/serialize.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <new>

#include "dlib_grey.h"
#include "ferv/base/error.h"

namespace ferv::face {
namespace {

/// The part of the frame that the predictor may look at, in sides of the box, and the size that it is shrunk
/// to: its features are pixel differences relative to the box, so more pixels only cost time.
constexpr double kRegionShare = 2.0;
constexpr double kBoxSidePx = 160;

}  // namespace

struct LandmarkPredictor::State {
  dlib::shape_predictor predictor;
};

std::filesystem::path default_landmark_model() {
  return FERV_LANDMARK_MODEL;
}

LandmarkPredictor::LandmarkPredictor(const std::filesystem::path& model) : state_(std::make_unique<State>()) {
  std::error_code status;
  if (!std::filesystem::is_regular_file(model, status)) {
    throw not_found(model, "dlib's model of 68 face landmarks (package libdlib-data)");
  }
  std::ifstream stream(model, std::ios::binary);
  try {
    dlib::deserialize(state_->predictor, stream);
  } catch (const std::exception& error) {
    throw corrupt_data(model, std::string("not a landmark model of dlib (") + error.what() + ")");
  }
  if (state_->predictor.num_parts() != kLandmarkCount) {
    throw corrupt_data(
        model, "a landmark model of " + std::to_string(state_->predictor.num_parts()) + " parts, wanted 68");
  }
}

LandmarkPredictor::~LandmarkPredictor() = default;
LandmarkPredictor::LandmarkPredictor(LandmarkPredictor&&) noexcept = default;
LandmarkPredictor& LandmarkPredictor::operator=(LandmarkPredictor&&) noexcept = default;

Landmarks LandmarkPredictor::predict(const media::Image& image, const media::Rectangle& box) const {
  if (image.empty() || box.width <= 0) throw invalid_argument("landmarks want a picture and a box");
  const double width = box.width * kRegionShare;
  const media::Rectangle region{box.left + box.width / 2 - width / 2, box.top + box.height / 2 - width / 2,
                                width, width};
  const GreyView view = grey_view(image, region, std::max(1.0, box.width / kBoxSidePx));
  if (view.image.pixels.empty()) throw invalid_argument("the box of a face lies outside the picture");
  dlib::array2d<unsigned char> grey;
  copy_to_dlib(view.image, grey);
  const dlib::drectangle place((box.left - view.left) / view.scale, (box.top - view.top) / view.scale,
                               (box.left + box.width - view.left) / view.scale - 1,
                               (box.top + box.height - view.top) / view.scale - 1);
  const dlib::full_object_detection shape = state_->predictor(grey, dlib::rectangle(place));
  Landmarks landmarks;
  for (std::size_t i = 0; i < kLandmarkCount; ++i) {
    const dlib::point part = shape.part(static_cast<unsigned long>(i));
    landmarks[i] = {view.left + (static_cast<double>(part.x()) + 0.5) * view.scale,
                    view.top + (static_cast<double>(part.y()) + 0.5) * view.scale};
  }
  return landmarks;
}

}  // namespace ferv::face
