// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/random.h"

#include <numbers>

#include "ferv/base/hash.h"

namespace ferv {

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t Random::below(std::uint64_t count) {
  // Values under `threshold` would make small results more likely: 2^64 is no multiple of count.
  const std::uint64_t threshold = (0 - count) % count;
  while (true) {
    const std::uint64_t value = next();
    if (value >= threshold) return value % count;
  }
}

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t derive_seed(std::uint64_t base, std::string_view purpose,
                          std::initializer_list<std::uint64_t> coordinates) {
  std::uint64_t seed = hash64(purpose, base);
  for (const std::uint64_t coordinate : coordinates) seed = Random(seed ^ Random(coordinate).next()).next();
  return seed;
}

}  // namespace ferv
