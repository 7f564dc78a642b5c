// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/stopwatch.h"

namespace ferv {
namespace {

std::string two_digits(long long number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(seconds + 0.5);
  if (whole >= 3600) return std::to_string(whole / 3600) + "h" + two_digits(whole / 60 % 60) + "m";
  if (whole >= 60) return std::to_string(whole / 60) + "m" + two_digits(whole % 60) + "s";
  return std::to_string(whole) + "s";
}

}  // namespace ferv
