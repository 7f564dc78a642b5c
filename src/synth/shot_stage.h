// SPDX-License-Identifier: Apache-2.0
// One shot of a film, ready to be painted at any time within it.
#pragma once

#include <optional>
#include <vector>

#include "camera.h"
#include "canvas.h"
#include "face_geometry.h"
#include "face_painter.h"
#include "ferv/base/random.h"
#include "ferv/synth/films.h"
#include "film_plan.h"
#include "head_pose.h"
#include "identity.h"
#include "scene_style.h"
#include "time_course.h"

namespace ferv::synth {

/// Holds the backdrop and everybody's course of expression and pose. Not thread-safe.
class ShotStage {
 public:
  ShotStage(const FilmShot& shot, const FilmFormat& format, std::uint64_t people_seed);

  /// Paints the picture `time_s` seconds after the shot began, and says what faces are in it.
  void paint(double time_s, FilmFrame& frame);

 private:
  /// One person, prepared.
  struct Player {
    Actor actor;
    Identity person;
    std::vector<Activation> course;  ///< at kFrameRateHz
    std::vector<double> intensity;   ///< of the expression alone, as course
    std::vector<HeadPose> poses;     ///< about the origin, as course
  };
  [[nodiscard]] Player prepare(const Actor& actor, std::uint64_t people_seed) const;
  [[nodiscard]] HeadPose pose_of(const Player& player, double time_s) const;
  void paint_cover(double time_s, const HeadPose& nearest);
  /// Whether a point of the picture is hidden from the player `index`'s face.
  [[nodiscard]] bool is_hidden(const Point& at, std::size_t index, double time_s) const;

  FilmShot shot_;
  FilmFormat format_;
  const SceneStyle& style_;
  std::vector<Player> players_;
  std::vector<HeadPose> poses_now_;  ///< as players_
  FaceLight light_;
  Canvas backdrop_;
  Canvas canvas_;
  Random random_;  ///< for the noise of the pictures
  std::optional<Camera> camera_;
};

}  // namespace ferv::synth
