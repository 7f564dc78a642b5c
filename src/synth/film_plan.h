// SPDX-License-Identifier: Apache-2.0
// What happens in a film, before anything is painted: shots, who acts in them, what hides them, and when each
// frame is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "canvas.h"
#include "ferv/synth/film_file.h"
#include "ferv/synth/films.h"
#include "ferv/synth/names.h"

namespace ferv::synth {

/// A person of one shot, who goes straight from one place to another, and back again if told so.
struct Actor {
  int identity = 1;  ///< from 1
  Expression expression = Expression::kNeutral;
  Point from_px;  ///< of the point between the eyes, when the shot begins
  Point to_px;    ///< and when it ends; with `returns` when half of it is over
  bool returns = false;
  double unit_px = 45;  ///< half the width of an average face
  std::uint64_t seed = 1;

  [[nodiscard]] Point place_px(double share_of_shot) const;
};

enum class CoverKind : std::uint8_t {
  kPassing,  ///< somebody walks by before the camera
  kHand,     ///< of the first actor, before the face
};

/// What hides a face for a moment.
struct Cover {
  CoverKind kind = CoverKind::kPassing;
  double begin_s = 0;  ///< in seconds of the shot: when it enters the picture, or is before the face
  double end_s = 0;
  double unit_px = 45;
  bool leftwards = false;
};

struct FilmShot {
  std::size_t scene = 0;         ///< position in scene_names()
  std::uint64_t place_seed = 1;  ///< of backdrop, light and camera: equal in shots of one place
  double begin_s = 0;
  double length_s = 0;
  std::vector<Actor> actors;  ///< the furthest first
  std::optional<Cover> cover;
};

struct PlannedFrame {
  double timestamp_s = 0;
  std::size_t shot = 0;
};

struct FilmPlan {
  FilmFormat format;
  std::vector<FilmShot> shots;
  std::vector<PlannedFrame> frames;
};

/// How many people the films of one people_seed share.
inline constexpr int kPeopleOfFilms = 40;

/// Throws kInvalidArgument for a length outside 1 to 3600 seconds.
[[nodiscard]] FilmPlan plan_film(const FilmRecipe& recipe);

}  // namespace ferv::synth
