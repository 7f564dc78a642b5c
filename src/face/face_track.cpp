// SPDX-License-Identifier: Apache-2.0
#include "face_track.h"

#include <algorithm>
#include <cmath>

#include "box_overlap.h"

namespace ferv::face {
namespace {

/// Below this overlap of steadied and seen box the face has moved, not jittered: the steadying starts anew.
constexpr double kJumpOverlap = 0.5;
/// A correlation with a lower peak-to-sidelobe ratio has lost its object.
constexpr double kLowestPeak = 7;
/// How far from where it is expected a face may be seen, in sides of its box; more the longer it was out of
/// sight.
constexpr double kReach = 0.6;
constexpr double kReachPerS = 1.2;
constexpr double kLargestReach = 1.3;
constexpr double kLargestGrowth = 1.9;
/// Below this two looks are two people; below the second, what correlation found is something else.
constexpr double kSamePersonSimilarity = 0.75;
constexpr double kCarriedSimilarity = 0.55;
/// Looks tell people apart by some tenths, places by the whole reach: this makes both count.
constexpr double kLookWeight = 2.5;
constexpr int kLooksToTrust = 3;
constexpr double kLookShare = 0.15;  ///< learned with each sighting
constexpr double kVelocityS = 0.2;   ///< time constant of the velocity

double centre_x(const media::Rectangle& box) {
  return box.left + box.width / 2;
}
double centre_y(const media::Rectangle& box) {
  return box.top + box.height / 2;
}

}  // namespace

FaceTrack::FaceTrack(int id, const Sighting& first, double timestamp_s)
    : id_(id),
      seen_(first.detection.box),
      steady_(seen_),
      look_(first.look),
      confidence_(first.detection.confidence),
      last_s_(timestamp_s),
      last_detected_s_(timestamp_s),
      last_detected_(seen_) {}

media::Rectangle FaceTrack::expected_box(double timestamp_s) const {
  const double elapsed_s = timestamp_s - last_s_;
  return {seen_.left + velocity_x_ * elapsed_s, seen_.top + velocity_y_ * elapsed_s, seen_.width,
          seen_.height};
}

double FaceTrack::worth(const Sighting& sighting, double timestamp_s) const {
  const media::Rectangle expected = expected_box(timestamp_s), &box = sighting.detection.box;
  const double growth = std::max(box.width / expected.width, expected.width / box.width);
  const double away =
      std::hypot(centre_x(box) - centre_x(expected), centre_y(box) - centre_y(expected)) / expected.width;
  const double reach = std::min(kLargestReach, kReach + kReachPerS * (timestamp_s - last_detected_s_));
  if (growth > kLargestGrowth || away > reach) return 0;
  const double similarity = look_.similarity(sighting.look);
  if (look_count_ >= kLooksToTrust && similarity < kSamePersonSimilarity) return 0;
  return std::max(0.01, 1 - 0.5 * away / reach - kLookWeight * (1 - similarity) / 2);
}

bool FaceTrack::is_replaced_by(const Sighting& sighting, double timestamp_s) const {
  return look_count_ >= kLooksToTrust && overlap(sighting.detection.box, expected_box(timestamp_s)) > 0.4 &&
         look_.similarity(sighting.look) < kSamePersonSimilarity;
}

void FaceTrack::move_to(const media::Rectangle& box, double timestamp_s, double smoothing_s) {
  seen_ = box;
  const double elapsed_s = timestamp_s - last_s_;
  const bool jumped = smoothing_s <= 0 || is_hidden_ || overlap(steady_, box) < kJumpOverlap;
  const double share = jumped ? 1 : 1 - std::exp(-elapsed_s / smoothing_s);
  const auto blend = [share](double& value, double target) { value += share * (target - value); };
  blend(steady_.left, box.left);
  blend(steady_.top, box.top);
  blend(steady_.width, box.width);
  blend(steady_.height, box.height);
  last_s_ = timestamp_s;
  is_hidden_ = false;
}

void FaceTrack::see(const Sighting& sighting, double timestamp_s, double smoothing_s, bool is_clear) {
  const media::Rectangle& box = sighting.detection.box;
  const double elapsed_s = timestamp_s - last_detected_s_;
  if (elapsed_s > 0) {
    const double share = 1 - std::exp(-elapsed_s / kVelocityS);
    velocity_x_ += share * ((centre_x(box) - centre_x(last_detected_)) / elapsed_s - velocity_x_);
    velocity_y_ += share * ((centre_y(box) - centre_y(last_detected_)) / elapsed_s - velocity_y_);
  }
  move_to(box, timestamp_s, smoothing_s);
  if (is_clear) {
    look_.learn(sighting.look, std::max(kLookShare, 1.0 / (look_count_ + 1)));
    ++look_count_;
  }
  confidence_ = sighting.detection.confidence;
  last_detected_s_ = timestamp_s;
  last_detected_ = box;
  origin_ = FaceOrigin::kDetected;
  bridge_.reset();
}

bool FaceTrack::carry(const media::Image& previous, const media::Image& frame, double timestamp_s,
                      double smoothing_s) {
  if (is_hidden_ || previous.width_px != frame.width_px || previous.height_px != frame.height_px)
    return false;
  if (!bridge_) bridge_ = std::make_unique<CorrelationTracker>(previous, seen_);
  const auto result = bridge_->update(frame);
  const double x = centre_x(result.box), y = centre_y(result.box);
  const bool is_inside = x >= 0 && y >= 0 && x < frame.width_px && y < frame.height_px;
  if (result.peak_to_sidelobe < kLowestPeak || !is_inside || result.box.width <= 0) return false;
  if (look_.similarity(Appearance(frame, result.box)) < kCarriedSimilarity) return false;
  move_to(result.box, timestamp_s, smoothing_s);
  origin_ = FaceOrigin::kTracked;
  return true;
}

void FaceTrack::hide(double timestamp_s) {
  seen_ = expected_box(timestamp_s);
  last_s_ = timestamp_s;
  is_hidden_ = true;
  bridge_.reset();
}

}  // namespace ferv::face
