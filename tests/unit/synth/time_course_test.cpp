// SPDX-License-Identifier: Apache-2.0
#include "time_course.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ferv::synth {
namespace {

constexpr int kDraws = 300;

double largest(const Activation& activation) {
  double value = 0;
  for (std::size_t i = 0; i < kActionUnitCount; ++i)
    value = std::max(value, activation[static_cast<ActionUnit>(i)]);
  return value;
}

TEST(Envelope, RisesHoldsAndFalls) {
  const Envelope envelope{.onset_start = 0.2, .apex_start = 0.4, .apex_end = 0.6, .offset_end = 0.9};
  EXPECT_EQ(envelope.at(0.1), 0);
  EXPECT_NEAR(envelope.at(0.3), 0.5, 1e-9);
  EXPECT_EQ(envelope.at(0.5), 1);
  EXPECT_GT(envelope.at(0.65), envelope.at(0.8));
  EXPECT_EQ(envelope.at(0.95), 0);
}

TEST(Envelope, DrawnOnesHaveAnApexAndANeutralPartInEveryClip) {
  Random random(3);
  for (int i = 0; i < kDraws; ++i) {
    const Envelope envelope = draw_envelope(random);
    int neutral = 0;
    int apex = 0;
    for (int step = 0; step <= 100; ++step) {
      const double value = envelope.at(step / 100.0);
      neutral += value < 0.15;
      apex += value > 0.85;
    }
    EXPECT_GE(neutral, 20) << i;
    EXPECT_GE(apex, 10) << i;
  }
}

TEST(ExpressionCourse, MovesOnlyTheUnitsOfTheExpression) {
  for (const Expression expression : kExpressions) {
    Random random(5);
    const auto units = action_units_of(expression);
    for (const Activation& activation : draw_expression_course(expression, 20, random)) {
      for (std::size_t i = 0; i < kActionUnitCount; ++i) {
        const auto unit = static_cast<ActionUnit>(i);
        EXPECT_TRUE(activation[unit] == 0 || std::find(units.begin(), units.end(), unit) != units.end());
      }
    }
  }
}

TEST(ExpressionCourse, OfNeutralStaysAtRest) {
  Random random(5);
  for (const Activation& activation : draw_expression_course(Expression::kNeutral, 30, random))
    EXPECT_EQ(activation, Activation());
}

TEST(ExpressionCourse, ChangesWithinTheShortestClipToo) {
  Random random(6);
  for (int i = 0; i < kDraws; ++i) {
    const auto course = draw_expression_course(Expression::kFear, 8, random);
    ASSERT_EQ(course.size(), 8U);
    double low = 1;
    double high = 0;
    for (const Activation& activation : course) {
      low = std::min(low, largest(activation));
      high = std::max(high, largest(activation));
    }
    EXPECT_GT(high - low, 0.4) << i;
  }
}

TEST(Distractors, AreBlinksAndSpeechAlone) {
  Random random(7);
  int blinking = 0;
  int speaking = 0;
  for (int i = 0; i < kDraws; ++i) {
    std::vector<Activation> course(28);
    add_distractors(course, random);
    bool blinks = false;
    bool speaks = false;
    for (const Activation& activation : course) {
      blinks |= activation[ActionUnit::kBlink] > 0;
      speaks |= activation[ActionUnit::kLipsPart] > 0;
      EXPECT_EQ(activation[ActionUnit::kBrowLowerer], 0);
      EXPECT_EQ(activation[ActionUnit::kLipCornerPuller], 0);
      EXPECT_LE(activation[ActionUnit::kBlink], 1);
    }
    blinking += blinks;
    speaking += speaks;
  }
  EXPECT_GT(blinking, kDraws / 10);
  EXPECT_LT(blinking, kDraws / 2);
  EXPECT_GT(speaking, kDraws / 4);
  EXPECT_LT(speaking, kDraws * 6 / 10);
}

}  // namespace
}  // namespace ferv::synth
