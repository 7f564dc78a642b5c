// SPDX-License-Identifier: Apache-2.0
// Paints a person's head and shoulders.
#pragma once

#include "canvas.h"
#include "face_geometry.h"
#include "head_pose.h"
#include "identity.h"

namespace ferv::synth {

/// Light as it falls on a head.
struct FaceLight {
  double side = 0;        ///< -1 from the viewer's left to 1 from the right: the far half lies in shadow
  double strength = 0.3;  ///< depth of that shadow
  double top = 0.3;       ///< depth of the shadows under brows, nose and chin
};

/// Paints over what is there, from the shoulders up to the hair.
void paint_head(Canvas& canvas, const Identity& identity, const FaceGeometry& face, const HeadPose& pose,
                const FaceLight& light);

}  // namespace ferv::synth
