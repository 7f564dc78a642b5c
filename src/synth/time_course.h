// SPDX-License-Identifier: Apache-2.0
// What the face of a clip does over time: the expression's onset, apex and offset, blinks, and speech.
#pragma once

#include <vector>

#include "action_units.h"
#include "ferv/base/random.h"

namespace ferv::synth {

/// Pictures a second that clips are rendered for; sets how fast blinks, syllables and heads move.
inline constexpr double kFrameRateHz = 25.0;

/// Rises from 0 at onset_start to 1 at apex_start, holds, and is back at 0 at offset_end. Times are fractions
/// of a clip and may lie outside [0, 1]: a clip may begin or end at the apex.
struct Envelope {
  double onset_start = 0;
  double apex_start = 0;
  double apex_end = 0;
  double offset_end = 0;

  [[nodiscard]] double at(double time) const;
};

/// An envelope with its apex at a random place, such that between a quarter and two thirds of any clip are
/// near neutral: only the change tells an expression from a face that rests in its shape.
[[nodiscard]] Envelope draw_envelope(Random& random);

/// Activation of every frame from the expression alone: [frame_count]. Intensity, the weight and delay of
/// each unit, and the envelope are drawn. All zero for Neutral.
[[nodiscard]] std::vector<Activation> draw_expression_course(Expression expression, int frame_count,
                                                             Random& random);

/// Adds what says nothing about the expression: blinks, and in some clips the mouth movements of speech.
void add_distractors(std::vector<Activation>& course, Random& random);

}  // namespace ferv::synth
