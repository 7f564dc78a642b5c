// SPDX-License-Identifier: Apache-2.0
#include "identity.h"

#include <array>

#include "ferv/base/random.h"

namespace ferv::synth {
namespace {

constexpr std::array<Colour, 9> kSkins = {{{0.98, 0.86, 0.77},
                                           {0.96, 0.80, 0.69},
                                           {0.93, 0.76, 0.62},
                                           {0.90, 0.72, 0.55},
                                           {0.85, 0.64, 0.48},
                                           {0.76, 0.55, 0.40},
                                           {0.66, 0.46, 0.33},
                                           {0.55, 0.37, 0.26},
                                           {0.46, 0.31, 0.22}}};
constexpr std::array<Colour, 8> kHairs = {{{0.07, 0.06, 0.06},
                                           {0.12, 0.09, 0.07},
                                           {0.22, 0.14, 0.09},
                                           {0.33, 0.21, 0.12},
                                           {0.50, 0.33, 0.17},
                                           {0.70, 0.54, 0.30},
                                           {0.46, 0.20, 0.10},
                                           {0.58, 0.57, 0.56}}};
constexpr std::array<Colour, 5> kIrises = {
    {{0.20, 0.12, 0.07}, {0.30, 0.19, 0.10}, {0.25, 0.33, 0.20}, {0.25, 0.38, 0.52}, {0.15, 0.10, 0.08}}};
constexpr std::array<HairStyle, 9> kHairStyles = {HairStyle::kShort, HairStyle::kShort, HairStyle::kSidePart,
                                                  HairStyle::kLong,  HairStyle::kLong,  HairStyle::kFringe,
                                                  HairStyle::kCurly, HairStyle::kBun,   HairStyle::kBald};

constexpr double kRestingChance = 0.75;

Colour draw_clothes(Random& random) {
  const double grey = random.uniform(0.1, 0.8);
  const double spread = random.uniform(0.0, 0.35);
  const auto component = [&] {
    return std::min(0.95, std::max(0.04, grey + random.uniform(-spread, spread)));
  };
  const double red = component();
  const double green = component();
  return {red, green, component()};
}

FaceShape draw_shape(Random& random) {
  FaceShape shape;
  shape.width = random.uniform(0.92, 1.06);
  shape.jaw_width = random.uniform(0.90, 1.10);
  shape.chin_length = random.uniform(-0.08, 0.10);
  shape.forehead_height = random.uniform(-0.08, 0.10);
  shape.eye_distance = random.uniform(-0.035, 0.035);
  shape.eye_size = random.uniform(0.90, 1.15);
  shape.eye_slant = random.uniform(-0.02, 0.035);
  shape.brow_thickness = random.uniform(0.75, 1.35);
  shape.nose_width = random.uniform(0.85, 1.20);
  shape.nose_length = random.uniform(-0.06, 0.06);
  shape.mouth_width = random.uniform(0.88, 1.12);
  shape.lip_thickness = random.uniform(0.75, 1.35);
  shape.mouth_height = random.uniform(-0.04, 0.04);
  shape.ear_size = random.uniform(0.85, 1.15);
  return shape;
}

Activation draw_resting(Random& random) {
  Activation resting;
  if (random.chance(kRestingChance)) {
    const Expression mimicked = random.pick(kExpressions);
    const double strength = random.uniform(0.2, 0.6);
    for (const ActionUnit unit : action_units_of(mimicked))
      resting[unit] = strength * random.uniform(0.7, 1.1);
  }
  // A jaw that always hangs is rare; lips that rest a little apart are not.
  resting[ActionUnit::kJawDrop] *= 0.6;
  if (random.chance(0.2)) resting[ActionUnit::kLipsPart] += random.uniform(0.1, 0.35);
  return resting;
}

void draw_hair_and_beard(Identity& identity, Random& random) {
  identity.hair = random.pick(kHairs);
  // Dark skin with fair hair would be a costume.
  if (identity.skin.red < 0.7) identity.hair = kHairs[random.below(3)];
  identity.hair_style = random.pick(kHairStyles);
  const bool may_have_beard = identity.hair_style != HairStyle::kLong &&
                              identity.hair_style != HairStyle::kBun &&
                              identity.hair_style != HairStyle::kFringe;
  const double beard = random.uniform();
  if (may_have_beard && beard < 0.45) {
    identity.beard_style = beard < 0.2    ? BeardStyle::kStubble
                           : beard < 0.32 ? BeardStyle::kMoustache
                                          : BeardStyle::kFull;
  }
  // Brows stay darker than fair hair is, or they could not be seen to move.
  identity.brows = mix(identity.hair, {0.10, 0.07, 0.05}, 0.55);
}

}  // namespace

Identity draw_identity(std::uint64_t seed) {
  Random random(seed);
  Identity identity;
  identity.shape = draw_shape(random);
  identity.skin = random.pick(kSkins).scaled(random.uniform(0.95, 1.04));
  identity.lips = mix(identity.skin, {0.62, 0.16, 0.18}, random.uniform(0.35, 0.65)).scaled(0.88);
  identity.iris = random.pick(kIrises);
  draw_hair_and_beard(identity, random);
  identity.clothes = draw_clothes(random);
  identity.glasses_colour = Colour{0.08, 0.08, 0.09}.scaled(random.uniform(0.5, 3.0));
  const double glasses = random.uniform();
  if (glasses < 0.18) identity.glasses_style = glasses < 0.08 ? GlassesStyle::kRound : GlassesStyle::kSquare;
  identity.age = random.uniform();
  identity.resting = draw_resting(random);
  identity.left_strength = random.uniform(0.88, 1.08);
  identity.right_strength = random.uniform(0.88, 1.08);
  return identity;
}

}  // namespace ferv::synth
