// SPDX-License-Identifier: Apache-2.0
// How a head is held and moves, and where that puts a point of the face in the picture.
#pragma once

#include <vector>

#include "canvas.h"
#include "ferv/base/random.h"

namespace ferv::synth {

/// Angles of a head, and where it is in the picture. Positive yaw turns to the viewer's right, positive pitch
/// looks down, positive roll leans clockwise.
struct HeadPose {
  double yaw_radians = 0;
  double pitch_radians = 0;
  double roll_radians = 0;
  Point eye_centre_px;  ///< where the point between the eyes is
  double unit_px = 1;   ///< pixels of one face unit
};

/// Projects points of a face (see FaceGeometry for its units) to pixels: an orthographic view of a rounded
/// head.
class FaceProjection {
 public:
  explicit FaceProjection(const HeadPose& pose);

  /// A point on the front of the face; `relief` lifts it towards the viewer (the nose), in face units.
  [[nodiscard]] Point on_surface(const Point& point, double relief = 0) const;
  /// A point of the outline, which turns about the head's own axis and so hardly moves when the head turns.
  [[nodiscard]] Point on_outline(const Point& point) const;
  /// A length in face units, in pixels.
  [[nodiscard]] double length_px(double units) const { return units * unit_px_; }
  [[nodiscard]] double roll_radians() const { return roll_; }

 private:
  [[nodiscard]] Point place(double x, double y, double depth) const;

  Point eye_centre_px_;
  double unit_px_;
  double roll_;
  double yaw_sine_;
  double yaw_cosine_;
  double pitch_sine_;
  double pitch_cosine_;
  double roll_sine_;
  double roll_cosine_;
};

/// How much heads of a clip turn and sway.
struct HeadMotion {
  double largest_yaw_degrees = 12;
  double largest_pitch_degrees = 6;
  double largest_roll_degrees = 6;
  double sway_degrees = 3;   ///< change within a clip, about its mean
  double sway_units = 0.06;  ///< shift of the head within a clip, in face units
};

/// One pose a frame: a mean pose and slow sways. `rest` gives position and size, its angles are added to.
[[nodiscard]] std::vector<HeadPose> draw_head_course(const HeadPose& rest, const HeadMotion& motion,
                                                     int frame_count, Random& random);

}  // namespace ferv::synth
