// SPDX-License-Identifier: Apache-2.0
#include "action_units.h"

#include <algorithm>

namespace ferv::synth {
namespace {

using enum ActionUnit;

constexpr std::array<int, kActionUnitCount> kFacsNumbers = {1,  2,  4,  5,  6,  7,  9, 12,
                                                            15, 16, 20, 23, 25, 26, 45};

constexpr std::array kHappyUnits = {kCheekRaiser, kLipCornerPuller};
constexpr std::array kSadUnits = {kInnerBrowRaiser, kBrowLowerer, kLipCornerDepressor};
constexpr std::array kAngryUnits = {kBrowLowerer, kUpperLidRaiser, kLidTightener, kLipTightener};
constexpr std::array kSurpriseUnits = {kInnerBrowRaiser, kOuterBrowRaiser, kUpperLidRaiser, kJawDrop};
constexpr std::array kDisgustUnits = {kNoseWrinkler, kLipCornerDepressor, kLowerLipDepressor};
constexpr std::array kFearUnits = {kInnerBrowRaiser, kOuterBrowRaiser, kBrowLowerer,
                                   kUpperLidRaiser,  kLipStretcher,    kJawDrop};

}  // namespace

int facs_number(ActionUnit unit) {
  return kFacsNumbers[static_cast<std::size_t>(unit)];
}

void Activation::add(const Activation& other, double scale) {
  for (std::size_t i = 0; i < kActionUnitCount; ++i) values_[i] += scale * other.values_[i];
}

void Activation::clamp(double high) {
  for (double& value : values_) value = std::clamp(value, 0.0, high);
}

std::span<const ActionUnit> action_units_of(Expression expression) {
  switch (expression) {
    case Expression::kHappy:
      return kHappyUnits;
    case Expression::kSad:
      return kSadUnits;
    case Expression::kAngry:
      return kAngryUnits;
    case Expression::kSurprise:
      return kSurpriseUnits;
    case Expression::kDisgust:
      return kDisgustUnits;
    case Expression::kFear:
      return kFearUnits;
    case Expression::kNeutral:
      break;
  }
  return {};
}

}  // namespace ferv::synth
