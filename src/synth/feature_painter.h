// SPDX-License-Identifier: Apache-2.0
// Paints the movable parts of a face: eyes, brows, nose, mouth and the folds of the skin.
#pragma once

#include "canvas.h"
#include "face_geometry.h"
#include "face_painter.h"
#include "head_pose.h"
#include "identity.h"

namespace ferv::synth {

/// What the parts of one picture have in common.
struct FacePicture {
  Canvas& canvas;
  const Identity& identity;
  const FaceGeometry& face;
  const FaceProjection& projection;
  const FaceLight& light;

  /// The skin's colour in a fold or shadow.
  [[nodiscard]] Colour shadow(double alpha) const {
    return mix(identity.skin.scaled(0.38), {0.20, 0.06, 0.04}, 0.35).with_alpha(alpha);
  }
  [[nodiscard]] Colour gleam(double alpha) const {
    return mix(identity.skin, {1.0, 0.97, 0.92}, 0.55).with_alpha(alpha);
  }
  [[nodiscard]] Ellipse ellipse(const Point& centre, double radius_x, double radius_y) const {
    return {projection.on_surface(centre), projection.length_px(radius_x), projection.length_px(radius_y),
            projection.roll_radians()};
  }
};

void paint_skin_folds(const FacePicture& picture);
void paint_nose(const FacePicture& picture);
void paint_eyes(const FacePicture& picture);
void paint_brows(const FacePicture& picture);
void paint_mouth(const FacePicture& picture);

}  // namespace ferv::synth
