// SPDX-License-Identifier: Apache-2.0
// Facial action units (Ekman and Friesen, Facial Action Coding System, 1978) and which of them make an
// expression.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "ferv/synth/names.h"

namespace ferv::synth {

/// The units that the painter can show.
enum class ActionUnit : std::size_t {
  kInnerBrowRaiser,
  kOuterBrowRaiser,
  kBrowLowerer,
  kUpperLidRaiser,
  kCheekRaiser,
  kLidTightener,
  kNoseWrinkler,
  kLipCornerPuller,
  kLipCornerDepressor,
  kLowerLipDepressor,
  kLipStretcher,
  kLipTightener,
  kLipsPart,
  kJawDrop,
  kBlink,
};
inline constexpr std::size_t kActionUnitCount = 15;

/// The number that FACS gives a unit: 1 for the inner brow raiser, 45 for a blink.
[[nodiscard]] int facs_number(ActionUnit unit);

/// Intensity of every unit: 0 absent, 1 as strong as faces commonly show it.
class Activation {
 public:
  [[nodiscard]] double operator[](ActionUnit unit) const { return values_[static_cast<std::size_t>(unit)]; }
  double& operator[](ActionUnit unit) { return values_[static_cast<std::size_t>(unit)]; }
  /// Adds `other`, scaled.
  void add(const Activation& other, double scale = 1.0);
  /// Limits every unit to [0, high].
  void clamp(double high);
  friend bool operator==(const Activation&, const Activation&) = default;

 private:
  std::array<double, kActionUnitCount> values_{};
};

/// The units of an expression: Happy 6+12, Sad 1+4+15, Surprise 1+2+5+26, Fear 1+2+4+5+20+26, Angry 4+5+7+23,
/// Disgust 9+15+16, Neutral none (the prototypes of EMFACS).
[[nodiscard]] std::span<const ActionUnit> action_units_of(Expression expression);

}  // namespace ferv::synth
