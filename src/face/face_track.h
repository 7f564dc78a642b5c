// SPDX-License-Identifier: Apache-2.0
// One face that is followed: where it is, where it is going, what it looks like.
#pragma once

#include <memory>

#include "appearance.h"
#include "correlation_tracker.h"
#include "ferv/face/detector.h"
#include "ferv/face/face.h"

namespace ferv::face {

/// A detection with the look of who is there.
struct Sighting {
  Detection detection;
  Appearance look;
};

class FaceTrack {
 public:
  FaceTrack(int id, const Sighting& first, double timestamp_s);

  [[nodiscard]] int id() const { return id_; }
  /// As last detected, carried on or expected.
  [[nodiscard]] const media::Rectangle& box() const { return seen_; }
  [[nodiscard]] const media::Rectangle& steady_box() const { return steady_; }
  [[nodiscard]] double confidence() const { return confidence_; }
  [[nodiscard]] double last_detected_s() const { return last_detected_s_; }
  [[nodiscard]] FaceOrigin origin() const { return origin_; }
  /// Out of sight: remembered, and not told of.
  [[nodiscard]] bool is_hidden() const { return is_hidden_; }

  /// Where it should be now, by its movement.
  [[nodiscard]] media::Rectangle expected_box(double timestamp_s) const;
  /// What it is worth to take the sighting for this face: 0 when it cannot be, else up to 1.
  [[nodiscard]] double worth(const Sighting& sighting, double timestamp_s) const;
  /// True when a face is where this one should be, and looks like somebody else.
  [[nodiscard]] bool is_replaced_by(const Sighting& sighting, double timestamp_s) const;

  /// The detector saw it. `is_clear`: nobody overlaps it, so that its look may be learned.
  void see(const Sighting& sighting, double timestamp_s, double smoothing_s, bool is_clear);
  /// Carries it from `previous` to `frame` by correlation; false when it is lost.
  bool carry(const media::Image& previous, const media::Image& frame, double timestamp_s, double smoothing_s);
  /// Moves on unseen.
  void hide(double timestamp_s);

 private:
  void move_to(const media::Rectangle& box, double timestamp_s, double smoothing_s);

  int id_;
  media::Rectangle seen_;
  media::Rectangle steady_;  ///< smoothed
  Appearance look_;
  int look_count_ = 1;
  double velocity_x_ = 0;  ///< px/s
  double velocity_y_ = 0;
  double confidence_ = 0;
  double last_s_ = 0;  ///< of seen_
  double last_detected_s_ = 0;
  media::Rectangle last_detected_;
  FaceOrigin origin_ = FaceOrigin::kDetected;
  bool is_hidden_ = false;
  std::unique_ptr<CorrelationTracker> bridge_;
};

}  // namespace ferv::face
