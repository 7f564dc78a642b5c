// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every machine, compiler and thread count.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

namespace ferv {

/// A seed for one purpose, from a base seed and the coordinates of that purpose, e.g.
/// `derive_seed(seed, "augmentation", {epoch, clip})`. Different names or coordinates give unrelated streams.
[[nodiscard]] std::uint64_t derive_seed(std::uint64_t base, std::string_view purpose,
                                        std::initializer_list<std::uint64_t> coordinates = {});

/// SplitMix64 (Steele, Lea and Flood 2014). The standard library's distributions differ between vendors, so
/// the few that ferv needs are here. Not thread-safe; make one a thread or, better, one a sample.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// In [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In [0, count); count must be positive. Unbiased.
  std::uint64_t below(std::uint64_t count);
  /// Standard normal (Box-Muller).
  double normal();
  bool chance(double probability) { return uniform() < probability; }
  /// One of `values`, each as likely; there must be one.
  template <typename Array>
  [[nodiscard]] auto pick(const Array& values) {
    return values[below(values.size())];
  }

  /// Fisher-Yates.
  template <typename T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace ferv
