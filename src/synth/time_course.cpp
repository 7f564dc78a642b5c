// SPDX-License-Identifier: Apache-2.0
#include "time_course.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ferv::synth {
namespace {

constexpr double kSpeechChance = 0.4;
constexpr double kBlinksPerSecond = 0.3;

double smooth_step(double low, double high, double value) {
  const double x = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return x * x * (3 - 2 * x);
}

void add_blinks(std::vector<Activation>& course, Random& random) {
  const auto frame_count = static_cast<int>(course.size());
  for (int start = -4; start < frame_count; ++start) {
    if (!random.chance(kBlinksPerSecond / kFrameRateHz)) continue;
    // Lids close faster than they open.
    constexpr std::array kClosure = {0.5, 1.0, 0.9, 0.5, 0.2};
    for (int i = 0; i < static_cast<int>(kClosure.size()); ++i) {
      const int frame = start + i;
      if (frame < 0 || frame >= frame_count) continue;
      double& blink = course[static_cast<std::size_t>(frame)][ActionUnit::kBlink];
      blink = std::max(blink, kClosure[static_cast<std::size_t>(i)]);
    }
    start += 8;
  }
}

void add_speech(std::vector<Activation>& course, Random& random) {
  const double strength = random.uniform(0.25, 0.6);
  const double syllables_hz = random.uniform(2.5, 4.5);
  const double phase = random.uniform(0, 2 * std::numbers::pi);
  const double vowel_phase = random.uniform(0, 2 * std::numbers::pi);
  for (std::size_t frame = 0; frame < course.size(); ++frame) {
    const double time_s = static_cast<double>(frame) / kFrameRateHz;
    const double opening = std::max(0.0, std::sin(2 * std::numbers::pi * syllables_hz * time_s + phase));
    const double vowel =
        0.5 + 0.5 * std::sin(2 * std::numbers::pi * 0.6 * syllables_hz * time_s + vowel_phase);
    course[frame][ActionUnit::kLipsPart] += strength * opening;
    course[frame][ActionUnit::kJawDrop] += 0.55 * strength * opening * vowel;
    course[frame][ActionUnit::kLipTightener] += 0.3 * strength * (1 - opening) * vowel;
  }
}

}  // namespace

double Envelope::at(double time) const {
  return smooth_step(onset_start, apex_start, time) * (1 - smooth_step(apex_end, offset_end, time));
}

Envelope draw_envelope(Random& random) {
  const double onset = random.uniform(0.12, 0.25);
  const double offset = random.uniform(0.12, 0.25);
  const double neutral = random.uniform(0.25, 0.5);
  const double kind = random.uniform();
  Envelope envelope;
  if (kind < 0.4) {  // ends at the apex
    envelope.onset_start = neutral;
    envelope.apex_start = neutral + onset;
    envelope.apex_end = 2.0;
  } else if (kind < 0.6) {  // begins at the apex
    envelope.onset_start = -2.0;
    envelope.apex_start = -1.0;
    envelope.apex_end = 1.0 - neutral - offset;
  } else {  // rises and falls
    const double before = neutral * random.uniform(0.3, 0.9);
    envelope.onset_start = before;
    envelope.apex_start = before + onset;
    envelope.apex_end = std::max(envelope.apex_start + 0.1, 1.0 - (neutral - before) - offset);
  }
  envelope.offset_end = envelope.apex_end + offset;
  return envelope;
}

std::vector<Activation> draw_expression_course(Expression expression, int frame_count, Random& random) {
  std::vector<Activation> course(static_cast<std::size_t>(frame_count));
  const Envelope envelope = draw_envelope(random);
  const double intensity = random.uniform(0.75, 1.05);
  for (const ActionUnit unit : action_units_of(expression)) {
    const double weight = intensity * random.uniform(0.85, 1.1);
    const double delay = random.uniform(-0.04, 0.04);
    for (int frame = 0; frame < frame_count; ++frame) {
      // The first frame is 0 and the last 1, so that a clip of 8 frames has the same phases as one of 47.
      const double time = static_cast<double>(frame) / std::max(1, frame_count - 1);
      course[static_cast<std::size_t>(frame)][unit] = weight * envelope.at(time - delay);
    }
  }
  return course;
}

void add_distractors(std::vector<Activation>& course, Random& random) {
  add_blinks(course, random);
  if (random.chance(kSpeechChance)) add_speech(course, random);
}

}  // namespace ferv::synth
