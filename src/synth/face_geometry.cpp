// SPDX-License-Identifier: Apache-2.0
#include "face_geometry.h"

#include <algorithm>

namespace ferv::synth {
namespace {

using enum ActionUnit;

/// Units beyond this add up to no face.
constexpr double kStrongest = 1.25;

BrowGeometry make_brow(const FaceShape& shape, const Activation& unit, std::size_t side) {
  const double inner_up = unit[kInnerBrowRaiser];
  const double outer_up = unit[kOuterBrowRaiser];
  // 1+4 together draw the inner ends up and together; 4 alone pulls them down (FACS, units 1 and 4).
  const double lowered = std::min(
      kStrongest, unit[kBrowLowerer] * (1 - 0.85 * std::min(1.0, inner_up)) + 0.35 * unit[kNoseWrinkler]);
  const double together = unit[kBrowLowerer] + 0.3 * unit[kNoseWrinkler];
  const double base = -0.33;
  const double sign = sign_of(side);
  const auto at = [&](double x, double y) { return Point{sign * (x + shape.eye_distance), base + y}; };
  BrowGeometry brow;
  brow.line = {at(0.20 - 0.08 * together, 0.02 - 0.24 * inner_up - 0.02 * outer_up + 0.22 * lowered),
               at(0.36 - 0.05 * together, -0.05 - 0.17 * inner_up - 0.12 * outer_up + 0.16 * lowered),
               at(0.56 - 0.02 * together, -0.09 - 0.04 * inner_up - 0.21 * outer_up + 0.07 * lowered),
               at(0.76, 0.00 + 0.03 * inner_up - 0.18 * outer_up + 0.02 * lowered)};
  brow.thickness = 0.085 * shape.brow_thickness;
  return brow;
}

EyeGeometry make_eye(const FaceShape& shape, const Activation& unit, std::size_t side) {
  const double sign = sign_of(side);
  const double middle = 0.43 + shape.eye_distance;
  const double half = 0.205 * shape.eye_size;
  EyeGeometry eye;
  eye.inner = {sign * (middle - half), 0.015};
  eye.outer = {sign * (middle + half), -0.01 - shape.eye_slant};
  const double squint = unit[kCheekRaiser] + 0.9 * unit[kLidTightener] + 0.5 * unit[kNoseWrinkler];
  const double upper = std::max(0.02, 0.105 * shape.eye_size + 0.095 * unit[kUpperLidRaiser] - 0.02 * squint -
                                          0.02 * unit[kLipCornerDepressor]);
  const double lower =
      std::max(0.005, 0.065 * shape.eye_size + 0.012 * unit[kUpperLidRaiser] - 0.052 * squint);
  const double closed = std::min(1.0, unit[kBlink]);
  eye.lower_y = lower + 0.01 * closed;
  eye.upper_y = -upper + closed * (upper + eye.lower_y - 0.006);
  eye.iris = {sign * middle, -0.02};
  eye.iris_radius = 0.098 * shape.eye_size;
  eye.crow_feet = std::min(1.0, unit[kCheekRaiser]);
  return eye;
}

MouthGeometry make_mouth(const FaceShape& shape, const Activation& unit,
                         const std::array<Activation, 2>& sides) {
  const double pressed = std::min(1.0, unit[kLipTightener]);
  const double jaw = unit[kJawDrop];
  const double centre_y = 1.06 + shape.mouth_height;
  const auto corner = [&](std::size_t side) {
    const Activation& here = sides[side];
    const double x = 0.35 * shape.mouth_width + 0.14 * here[kLipCornerPuller] + 0.17 * here[kLipStretcher] -
                     0.02 * here[kLipCornerDepressor] - 0.07 * pressed - 0.07 * jaw;
    const double y = 0.01 - 0.19 * here[kLipCornerPuller] + 0.19 * here[kLipCornerDepressor] +
                     0.05 * here[kLipStretcher] + 0.10 * jaw;
    return Point{sign_of(side) * x, centre_y + y};
  };
  MouthGeometry mouth;
  mouth.left = corner(0);
  mouth.right = corner(1);
  const double parted = 0.06 * unit[kLipsPart] + 0.035 * unit[kLipCornerPuller] + 0.025 * unit[kLipStretcher];
  mouth.upper_inner_y = centre_y - 0.3 * parted - 0.02 * jaw - 0.055 * unit[kNoseWrinkler] -
                        0.02 * unit[kLipCornerPuller] - 0.02 * unit[kLipCornerDepressor];
  mouth.lower_inner_y = centre_y + 0.7 * parted + 0.34 * jaw + 0.115 * unit[kLowerLipDepressor] +
                        0.015 * unit[kLipCornerPuller] - 0.02 * unit[kLipCornerDepressor];
  const double thin = (1 - 0.7 * pressed) * (1 - 0.25 * std::min(1.0, unit[kLipStretcher])) *
                      (1 - 0.2 * std::min(1.0, unit[kLipCornerPuller]));
  mouth.upper_thickness = 0.085 * shape.lip_thickness * thin;
  mouth.lower_thickness = 0.115 * shape.lip_thickness * thin * (1 - 0.2 * std::min(1.0, jaw));
  mouth.upper_teeth = std::min(0.10, 0.075 * unit[kLipCornerPuller] + 0.035 * unit[kLipStretcher] +
                                         0.03 * unit[kNoseWrinkler] + 0.02 * jaw);
  mouth.lower_teeth = std::min(0.08, 0.08 * unit[kLowerLipDepressor] + 0.04 * unit[kLipStretcher]);
  return mouth;
}

void add_folds(FaceGeometry& face, const Identity& identity, const std::array<Activation, 2>& sides) {
  Activation unit = sides[0];
  unit.add(sides[1]);
  const auto mean = [&](ActionUnit which) { return 0.5 * unit[which]; };
  const auto limited = [](double value) { return std::clamp(value, 0.0, 1.0); };
  for (std::size_t side = 0; side < 2; ++side) {
    face.cheek_lift[side] = 0.10 * sides[side][kCheekRaiser] + 0.06 * sides[side][kLipCornerPuller];
    face.smile_fold[side] = limited(0.12 + 0.2 * identity.age + 0.6 * sides[side][kLipCornerPuller] +
                                    0.55 * sides[side][kNoseWrinkler] + 0.25 * sides[side][kLipStretcher]);
  }
  face.frown_fold = limited(0.1 * identity.age + 0.9 * mean(kBrowLowerer));
  face.forehead_fold =
      limited(0.15 * identity.age + 0.45 * mean(kInnerBrowRaiser) + 0.45 * mean(kOuterBrowRaiser));
  face.nose_fold = limited(mean(kNoseWrinkler));
  face.chin_fold = limited(0.7 * mean(kLipCornerDepressor) + 0.4 * mean(kLipTightener));
}

}  // namespace

FaceGeometry make_face_geometry(const Identity& identity, const Activation& activation) {
  Activation unit = identity.resting;
  unit.add(activation);
  unit.clamp(kStrongest);
  std::array<Activation, 2> sides;
  sides[0].add(unit, identity.left_strength);
  sides[1].add(unit, identity.right_strength);
  for (Activation& side : sides) side[kBlink] = unit[kBlink];

  const FaceShape& shape = identity.shape;
  FaceGeometry face;
  for (std::size_t side = 0; side < 2; ++side) {
    face.brows[side] = make_brow(shape, sides[side], side);
    face.eyes[side] = make_eye(shape, sides[side], side);
  }
  face.mouth = make_mouth(shape, unit, sides);
  face.nose_tip_y = 0.66 + shape.nose_length - 0.03 * unit[kNoseWrinkler];
  face.nose_half_width =
      0.185 * shape.nose_width + 0.025 * unit[kNoseWrinkler] + 0.012 * unit[kLipCornerPuller];
  face.wing_lift = 0.08 * unit[kNoseWrinkler];
  face.chin_y = 1.68 + shape.chin_length + 0.26 * unit[kJawDrop];
  face.hairline_y = -0.92 - shape.forehead_height;
  face.skull_top_y = -1.45 - shape.forehead_height;
  face.half_width = 0.97 * shape.width;
  face.jaw_half_width = 0.76 * shape.jaw_width * shape.width;
  add_folds(face, identity, sides);
  return face;
}

}  // namespace ferv::synth
