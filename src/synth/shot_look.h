// SPDX-License-Identifier: Apache-2.0
// The light and the camera of one shot, drawn from the habits of its scene.
#pragma once

#include "camera.h"
#include "face_painter.h"
#include "ferv/base/random.h"
#include "scene_style.h"

namespace ferv::synth {

[[nodiscard]] CameraSettings draw_camera(const SceneStyle& style, Random& random);
[[nodiscard]] FaceLight draw_light(const SceneStyle& style, Random& random);

}  // namespace ferv::synth
