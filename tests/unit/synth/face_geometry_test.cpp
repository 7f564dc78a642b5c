// SPDX-License-Identifier: Apache-2.0
#include "face_geometry.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ferv::synth {
namespace {

using enum ActionUnit;

Identity plain_person() {
  Identity identity;
  identity.resting = Activation();
  return identity;
}

FaceGeometry with(std::initializer_list<ActionUnit> units, double strength = 1.0) {
  Activation activation;
  for (const ActionUnit unit : units) activation[unit] = strength;
  return make_face_geometry(plain_person(), activation);
}

TEST(FaceGeometry, UnitsMoveWhatTheyAreNamedAfter) {
  const FaceGeometry rest = with({});
  EXPECT_LT(with({kInnerBrowRaiser}).brows[0].line[0].y, rest.brows[0].line[0].y - 0.1);
  EXPECT_LT(with({kOuterBrowRaiser}).brows[1].line[3].y, rest.brows[1].line[3].y - 0.1);
  EXPECT_GT(with({kBrowLowerer}).brows[0].line[0].y, rest.brows[0].line[0].y + 0.1);
  EXPECT_LT(with({kUpperLidRaiser}).eyes[0].upper_y, rest.eyes[0].upper_y - 0.05);
  EXPECT_LT(with({kLidTightener}).eyes[0].lower_y, rest.eyes[0].lower_y - 0.03);
  EXPECT_GT(with({kCheekRaiser}).cheek_lift[0], rest.cheek_lift[0] + 0.05);
  EXPECT_GT(with({kNoseWrinkler}).nose_fold, rest.nose_fold + 0.5);
  EXPECT_LT(with({kLipCornerPuller}).mouth.left.y, rest.mouth.left.y - 0.1);
  EXPECT_LT(with({kLipCornerPuller}).mouth.left.x, rest.mouth.left.x - 0.1);
  EXPECT_GT(with({kLipCornerDepressor}).mouth.right.y, rest.mouth.right.y + 0.1);
  EXPECT_GT(with({kLowerLipDepressor}).mouth.lower_teeth, 0.05);
  EXPECT_GT(with({kLipStretcher}).mouth.right.x, rest.mouth.right.x + 0.1);
  EXPECT_LT(with({kLipTightener}).mouth.upper_thickness, 0.5 * rest.mouth.upper_thickness);
  EXPECT_GT(with({kJawDrop}).chin_y, rest.chin_y + 0.2);
  EXPECT_GT(with({kLipsPart}).mouth.lower_inner_y, rest.mouth.lower_inner_y + 0.03);
}

TEST(FaceGeometry, ABlinkClosesBothEyes) {
  for (const EyeGeometry& eye : with({kBlink}).eyes) EXPECT_LT(eye.lower_y - eye.upper_y, 0.02);
}

TEST(FaceGeometry, InnerBrowsOfSadnessRiseThoughTheLowererActs) {
  const FaceGeometry rest = with({});
  const FaceGeometry sad = with({kInnerBrowRaiser, kBrowLowerer});
  EXPECT_LT(sad.brows[0].line[0].y, rest.brows[0].line[0].y);
  EXPECT_GT(sad.brows[0].line[0].x, rest.brows[0].line[0].x) << "drawn together";
}

TEST(FaceGeometry, IsSymmetricForASymmetricPerson) {
  const FaceGeometry face = with({kLipCornerPuller, kInnerBrowRaiser, kUpperLidRaiser}, 0.7);
  EXPECT_DOUBLE_EQ(face.mouth.left.x, -face.mouth.right.x);
  EXPECT_DOUBLE_EQ(face.mouth.left.y, face.mouth.right.y);
  EXPECT_DOUBLE_EQ(face.brows[0].line[1].x, -face.brows[1].line[1].x);
  EXPECT_DOUBLE_EQ(face.eyes[0].upper_y, face.eyes[1].upper_y);
}

TEST(FaceGeometry, ARestingFaceCanLookLikeAnExpression) {
  Identity grim = plain_person();
  grim.resting[kBrowLowerer] = 0.5;
  const FaceGeometry resting = make_face_geometry(grim, Activation());
  const FaceGeometry acting = with({kBrowLowerer}, 0.5);
  EXPECT_DOUBLE_EQ(resting.brows[0].line[0].y, acting.brows[0].line[0].y);
  EXPECT_DOUBLE_EQ(resting.frown_fold, acting.frown_fold);
}

TEST(FaceGeometry, OfAnyStrengthKeepsTheFeaturesInOrder) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Identity identity = draw_identity(seed);
    Activation all;
    for (std::size_t i = 0; i < kActionUnitCount; ++i)
      all[static_cast<ActionUnit>(i)] = static_cast<double>((seed >> (i % 8)) & 1) * 2.0;
    const FaceGeometry face = make_face_geometry(identity, all);
    for (std::size_t side = 0; side < 2; ++side) {
      EXPECT_LE(face.eyes[side].upper_y, face.eyes[side].lower_y) << seed;
      EXPECT_LT(face.brows[side].line[0].y, face.eyes[side].lower_y) << seed;
    }
    EXPECT_LT(face.mouth.left.x, face.mouth.right.x);
    EXPECT_LE(face.mouth.upper_inner_y, face.mouth.lower_inner_y + 1e-9) << seed;
    EXPECT_LT(face.mouth.lower_inner_y + face.mouth.lower_thickness, face.chin_y) << seed;
    EXPECT_LT(face.nose_tip_y, face.mouth.upper_inner_y) << seed;
  }
}

}  // namespace
}  // namespace ferv::synth
