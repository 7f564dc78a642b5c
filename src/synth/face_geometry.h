// SPDX-License-Identifier: Apache-2.0
// Where every feature of a face is, given the person and what the muscles do.
#pragma once

#include <array>

#include "action_units.h"
#include "canvas.h"
#include "identity.h"

namespace ferv::synth {

/// Face units: half the width of an average face is 1; the origin lies between the eyes, x to the viewer's
/// right, y down. An average chin is at y = 1.7, the hairline at y = -0.95, the top of the skull at y =
/// -1.45.
struct EyeGeometry {
  Point inner;  ///< corner next to the nose
  Point outer;
  double upper_y = 0;  ///< highest point of the upper lid
  double lower_y = 0;  ///< lowest point of the lower lid
  Point iris;
  double iris_radius = 0;
  double crow_feet = 0;  ///< 0 to 1: folds beside the outer corner
};

struct BrowGeometry {
  std::array<Point, 4> line;  ///< from the nose outwards
  double thickness = 0;
};

struct MouthGeometry {
  Point left;  ///< corners
  Point right;
  double upper_inner_y = 0;  ///< edge of the upper lip at the middle, towards the opening
  double lower_inner_y = 0;
  double upper_thickness = 0;
  double lower_thickness = 0;
  double upper_teeth = 0;  ///< height of the visible part, in face units
  double lower_teeth = 0;
};

struct FaceGeometry {
  std::array<EyeGeometry, 2> eyes;  ///< [viewer's left, viewer's right]
  std::array<BrowGeometry, 2> brows;
  MouthGeometry mouth;
  double nose_tip_y = 0;
  double nose_half_width = 0;
  double wing_lift = 0;  ///< how far the wings of the nose are raised
  double chin_y = 0;
  double hairline_y = 0;
  double skull_top_y = 0;
  double half_width = 1;
  double jaw_half_width = 0.8;
  std::array<double, 2> cheek_lift{};  ///< 0 to about 0.15, each side
  std::array<double, 2> smile_fold{};  ///< depth of the fold from nose to mouth, 0 to 1
  double frown_fold = 0;               ///< upright folds between the brows
  double forehead_fold = 0;
  double nose_fold = 0;  ///< folds across the root of the nose
  double chin_fold = 0;  ///< bulge of the chin under a pressed or drawn-down mouth
};

/// `activation` is the expression alone; the person's resting face is added here.
[[nodiscard]] FaceGeometry make_face_geometry(const Identity& identity, const Activation& activation);

/// -1 for the viewer's left half of the face, 1 for the right.
[[nodiscard]] constexpr double sign_of(std::size_t side) {
  return side == 0 ? -1.0 : 1.0;
}

}  // namespace ferv::synth
