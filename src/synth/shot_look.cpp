// SPDX-License-Identifier: Apache-2.0
#include "shot_look.h"

#include <algorithm>

namespace ferv::synth {

CameraSettings draw_camera(const SceneStyle& style, Random& random) {
  CameraSettings camera;
  camera.brightness = style.brightness * random.uniform(0.90, 1.10);
  camera.contrast = random.uniform(0.92, 1.12);
  camera.warmth = std::clamp(style.warmth + random.uniform(-0.3, 0.3), -1.0, 1.0);
  camera.saturation = style.saturation * random.uniform(0.9, 1.1);
  camera.blur_px = style.blur_px * random.uniform(0.2, 1.0);
  camera.noise = style.noise * random.uniform(0.2, 1.0);
  return camera;
}

FaceLight draw_light(const SceneStyle& style, Random& random) {
  FaceLight light;
  light.side = (random.chance(0.5) ? 1 : -1) * random.uniform(0.4, 1.0);
  light.strength = style.side_light * random.uniform(0.5, 1.0);
  light.top = random.uniform(0.2, 0.5);
  return light;
}

}  // namespace ferv::synth
