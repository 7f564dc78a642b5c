// SPDX-License-Identifier: Apache-2.0
// A person: what stays the same in all of that person's clips.
#pragma once

#include <cstdint>

#include "action_units.h"
#include "canvas.h"

namespace ferv::synth {

enum class HairStyle { kBald, kShort, kSidePart, kFringe, kLong, kCurly, kBun };
enum class BeardStyle { kNone, kStubble, kMoustache, kFull };
enum class GlassesStyle { kNone, kRound, kSquare };

/// Lengths in face units (half the width of an average face); factors are 1 for an average face.
struct FaceShape {
  double width = 1;
  double jaw_width = 1;
  double chin_length = 0;  ///< added to the chin's height
  double forehead_height = 0;
  double eye_distance = 0;  ///< added to each eye's distance from the middle
  double eye_size = 1;
  double eye_slant = 0;  ///< how much the outer corner is raised
  double brow_thickness = 1;
  double nose_width = 1;
  double nose_length = 0;
  double mouth_width = 1;
  double lip_thickness = 1;
  double mouth_height = 0;  ///< added to the mouth's height
  double ear_size = 1;
};

struct Identity {
  FaceShape shape;
  Colour skin;
  Colour lips;
  Colour iris;
  Colour hair;
  Colour brows;
  Colour clothes;
  Colour glasses_colour;
  HairStyle hair_style = HairStyle::kShort;
  BeardStyle beard_style = BeardStyle::kNone;
  GlassesStyle glasses_style = GlassesStyle::kNone;
  double age = 0;  ///< 0 young, 1 old: how deep folds are at rest
  /// What the face looks like when it does nothing. It holds units of an expression that the person does not
  /// have: low brows that look angry, corners of the mouth that look sad. So one picture misleads, and change
  /// tells.
  Activation resting;
  /// Units act by this factor on the viewer's left and right half of the face.
  double left_strength = 1;
  double right_strength = 1;
};

/// The same seed gives the same person.
[[nodiscard]] Identity draw_identity(std::uint64_t seed);

}  // namespace ferv::synth
