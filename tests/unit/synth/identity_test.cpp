// SPDX-License-Identifier: Apache-2.0
#include "identity.h"

#include <gtest/gtest.h>

#include <set>

namespace ferv::synth {
namespace {

TEST(Identity, FollowsFromItsSeed) {
  const Identity one = draw_identity(11);
  const Identity same = draw_identity(11);
  const Identity other = draw_identity(12);
  EXPECT_EQ(one.shape.jaw_width, same.shape.jaw_width);
  EXPECT_EQ(one.resting, same.resting);
  EXPECT_EQ(one.skin.red, same.skin.red);
  EXPECT_NE(one.shape.jaw_width, other.shape.jaw_width);
}

TEST(Identity, PeopleDifferInHairBeardAndGlasses) {
  std::set<HairStyle> hair;
  std::set<BeardStyle> beards;
  int glasses = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Identity identity = draw_identity(seed);
    hair.insert(identity.hair_style);
    beards.insert(identity.beard_style);
    glasses += identity.glasses_style != GlassesStyle::kNone;
  }
  EXPECT_EQ(hair.size(), 7U);
  EXPECT_EQ(beards.size(), 4U);
  EXPECT_GT(glasses, 20);
  EXPECT_LT(glasses, 120);
}

TEST(Identity, ManyRestInTheShapeOfAnExpressionButNeverAsStrongly) {
  int misleading = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Identity identity = draw_identity(seed);
    double strongest = 0;
    for (std::size_t i = 0; i < kActionUnitCount; ++i) {
      const double value = identity.resting[static_cast<ActionUnit>(i)];
      EXPECT_GE(value, 0);
      strongest = std::max(strongest, value);
    }
    EXPECT_LE(strongest, 0.9);
    misleading += strongest > 0.2;
    EXPECT_EQ(identity.resting[ActionUnit::kBlink], 0);
  }
  EXPECT_GT(misleading, 150);
}

}  // namespace
}  // namespace ferv::synth
