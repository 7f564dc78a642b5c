// SPDX-License-Identifier: Apache-2.0
#include "correlation_tracker.h"

#include <dlib/image_transforms.h>  // the tracker uses its features without including them

#include <dlib/image_processing/correlation_tracker.h>

#include <algorithm>

#include "dlib_grey.h"

namespace ferv::face {
namespace {

/// Size of the box in the pictures that the tracker sees; it resamples to 64 pixels itself.
constexpr double kBoxSidePx = 80;

}  // namespace

struct CorrelationTracker::State {
  dlib::correlation_tracker tracker;
  dlib::array2d<unsigned char> grey;
  double scale = 1;

  void take(const media::Image& frame) {
    const media::Rectangle whole{0, 0, static_cast<double>(frame.width_px),
                                 static_cast<double>(frame.height_px)};
    copy_to_dlib(grey_view(frame, whole, scale).image, grey);
  }
};

CorrelationTracker::CorrelationTracker(const media::Image& frame, const media::Rectangle& box)
    : state_(std::make_unique<State>()) {
  state_->scale = std::max(1.0, box.width / kBoxSidePx);
  state_->take(frame);
  const double scale = state_->scale;
  state_->tracker.start_track(
      state_->grey, dlib::drectangle(box.left / scale, box.top / scale, (box.left + box.width) / scale,
                                     (box.top + box.height) / scale));
}

CorrelationTracker::~CorrelationTracker() = default;

CorrelationTracker::Result CorrelationTracker::update(const media::Image& frame) {
  state_->take(frame);
  const double peak = state_->tracker.update(state_->grey);
  const dlib::drectangle place = state_->tracker.get_position();
  const double scale = state_->scale;
  return {{place.left() * scale, place.top() * scale, (place.right() - place.left()) * scale,
           (place.bottom() - place.top()) * scale},
          peak};
}

}  // namespace ferv::face
