// SPDX-License-Identifier: Apache-2.0
// What pictures of each of the 22 scenes look like.
#pragma once

#include <cstddef>
#include <string_view>

#include "canvas.h"

namespace ferv::synth {

enum class Backdrop {
  kPlainWall,
  kOffice,
  kStage,
  kBlackboard,
  kBookshelf,
  kStreet,
  kTrees,
  kStudio,
  kCurtain,
  kWard,
  kFlags,
  kPillars,
  kBars,
  kRuins,
  kTiles,
  kCrowd,
};

enum class Occluder {
  kNone,
  kHandMicrophone,   ///< held under the chin
  kStandMicrophone,  ///< before the chest
  kOtherShoulder,    ///< of a partner, in a lower corner
  kCaption,          ///< a banner along the lower edge
  kLetterbox,        ///< black bars of wide-screen film
  kSmoke,
  kHelmet,
  kPeakedCap,
  kSurgicalCap,
  kHeadset,
  kHand,  ///< at the cheek
};

/// One scene's habits. Clips vary about them.
struct SceneStyle {
  std::string_view name;
  Backdrop backdrop;
  Colour first;   ///< main colour of the backdrop
  Colour second;  ///< its second colour
  // Light
  double brightness;  ///< 1 keeps the painted brightness
  double warmth;      ///< -1 blue to 1 orange
  double saturation;  ///< 0 grey, 1 as painted
  double side_light;  ///< depth of the shadow on the far half of the face, 0 to 1
  // Camera
  double face_unit_low_px;  ///< half the width of a face in the scene picture
  double face_unit_high_px;
  double sway;      ///< factor on how much heads move
  double shake_px;  ///< of a camera held by hand
  double blur_px;   ///< largest defocus of a clip
  double noise;     ///< largest deviation of the sensor's noise, of 255
  int quality_low;  ///< of the JPEGs
  int quality_high;
  // Occlusion
  Occluder usual;
  double usual_chance;
  Occluder other;
  double other_chance;
};

/// By position in scene_names().
[[nodiscard]] const SceneStyle& scene_style(std::size_t scene);

}  // namespace ferv::synth
