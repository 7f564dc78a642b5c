// SPDX-License-Identifier: Apache-2.0
#include "head_pose.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "time_course.h"

namespace ferv::synth {
namespace {

constexpr double kRadiansPerDegree = std::numbers::pi / 180;
/// Depth of the face surface at its middle, and the height about which a head nods.
constexpr double kFaceDepth = 0.85;
constexpr double kNodCentre = 0.45;

/// A slow movement about 0 that stays within [-1, 1].
class Sway {
 public:
  explicit Sway(Random& random)
      : slow_hz_(random.uniform(0.15, 0.5)),
        fast_hz_(random.uniform(0.6, 1.2)),
        slow_phase_(random.uniform(0, 2 * std::numbers::pi)),
        fast_phase_(random.uniform(0, 2 * std::numbers::pi)) {}

  [[nodiscard]] double at(double time_s) const {
    return 0.7 * std::sin(2 * std::numbers::pi * slow_hz_ * time_s + slow_phase_) +
           0.3 * std::sin(2 * std::numbers::pi * fast_hz_ * time_s + fast_phase_);
  }

 private:
  double slow_hz_;
  double fast_hz_;
  double slow_phase_;
  double fast_phase_;
};

/// Mostly near 0, never beyond `largest`.
double draw_angle(double largest_degrees, Random& random) {
  return std::clamp(random.normal() * 0.5, -1.0, 1.0) * largest_degrees * kRadiansPerDegree;
}

}  // namespace

FaceProjection::FaceProjection(const HeadPose& pose)
    : eye_centre_px_(pose.eye_centre_px),
      unit_px_(pose.unit_px),
      roll_(pose.roll_radians),
      yaw_sine_(std::sin(pose.yaw_radians)),
      yaw_cosine_(std::cos(pose.yaw_radians)),
      pitch_sine_(std::sin(pose.pitch_radians)),
      pitch_cosine_(std::cos(pose.pitch_radians)),
      roll_sine_(std::sin(pose.roll_radians)),
      roll_cosine_(std::cos(pose.roll_radians)) {}

Point FaceProjection::place(double x, double y, double depth) const {
  const double turned_x = x * yaw_cosine_ + depth * yaw_sine_;
  const double turned_depth = depth * yaw_cosine_ - x * yaw_sine_;
  const double turned_y = kNodCentre + (y - kNodCentre) * pitch_cosine_ + turned_depth * pitch_sine_;
  const double rolled_x = turned_x * roll_cosine_ - (turned_y - kNodCentre) * roll_sine_;
  const double rolled_y = turned_x * roll_sine_ + (turned_y - kNodCentre) * roll_cosine_ + kNodCentre;
  return {eye_centre_px_.x + unit_px_ * rolled_x, eye_centre_px_.y + unit_px_ * rolled_y};
}

Point FaceProjection::on_surface(const Point& point, double relief) const {
  const double across = std::min(1.0, std::abs(point.x) / 1.1);
  const double along = std::min(1.0, std::abs(point.y - kNodCentre) / 2.2);
  const double depth = kFaceDepth * std::sqrt(std::max(0.0, 1 - across * across - 0.5 * along * along));
  return place(point.x, point.y, depth + relief);
}

Point FaceProjection::on_outline(const Point& point) const {
  return place(point.x, point.y, 0.12);
}

std::vector<HeadPose> draw_head_course(const HeadPose& rest, const HeadMotion& motion, int frame_count,
                                       Random& random) {
  HeadPose mean = rest;
  mean.yaw_radians += draw_angle(motion.largest_yaw_degrees, random);
  mean.pitch_radians += draw_angle(motion.largest_pitch_degrees, random);
  mean.roll_radians += draw_angle(motion.largest_roll_degrees, random);
  const double sway_radians = motion.sway_degrees * kRadiansPerDegree;
  const double sway_px = motion.sway_units * rest.unit_px;
  const Sway yaw(random);
  const Sway pitch(random);
  const Sway roll(random);
  const Sway x(random);
  const Sway y(random);
  std::vector<HeadPose> course;
  for (int frame = 0; frame < frame_count; ++frame) {
    const double time_s = frame / kFrameRateHz;
    HeadPose pose = mean;
    pose.yaw_radians += sway_radians * yaw.at(time_s);
    pose.pitch_radians += 0.7 * sway_radians * pitch.at(time_s);
    pose.roll_radians += 0.7 * sway_radians * roll.at(time_s);
    pose.eye_centre_px.x += sway_px * x.at(time_s);
    pose.eye_centre_px.y += 0.6 * sway_px * y.at(time_s);
    course.push_back(pose);
  }
  return course;
}

}  // namespace ferv::synth
