// SPDX-License-Identifier: Apache-2.0
// Pictures and damaged bytes that several tests of this room start from.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "ferv/base/random.h"
#include "ferv/media/image.h"

namespace ferv::test {

inline media::Image constant_picture(int width, int height, std::uint8_t value) {
  media::Image image(width, height);
  std::fill(image.pixels.begin(), image.pixels.end(), value);
  return image;
}

inline media::Image noise_picture(int width, int height, std::uint64_t seed) {
  media::Image image(width, height);
  Random random(seed);
  for (auto& value : image.pixels) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

/// Smooth as photographs are: what JPEG is made for.
inline media::Image smooth_picture(int width, int height) {
  media::Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double wave = std::sin(0.09 * x) * std::cos(0.07 * y);
      image.row(y)[3 * x] = static_cast<std::uint8_t>(128 + 90 * wave);
      image.row(y)[3 * x + 1] = static_cast<std::uint8_t>(128 - 60 * wave);
      image.row(y)[3 * x + 2] = static_cast<std::uint8_t>(128 + 60 * std::sin(0.05 * y));
    }
  }
  return image;
}

inline double mean_of(const media::Image& image) {
  double sum = 0;
  for (const auto value : image.pixels) sum += value;
  return sum / static_cast<double>(image.pixels.size());
}

inline int largest_difference(const media::Image& a, const media::Image& b) {
  if (a.width_px != b.width_px || a.height_px != b.height_px) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<int>(a.pixels[i]) - b.pixels[i]));
  return largest;
}

inline double mean_difference(const media::Image& a, const media::Image& b) {
  if (a.width_px != b.width_px || a.height_px != b.height_px) return 256;
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    sum += std::abs(static_cast<int>(a.pixels[i]) - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

/// `bytes` with one to four changed, and now and then cut short or with a part left out.
inline std::vector<std::uint8_t> mutated(std::vector<std::uint8_t> bytes, Random& random) {
  for (auto changes = 1 + random.below(4); changes > 0; --changes)
    bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
  if (random.chance(0.1)) bytes.resize(random.below(bytes.size()));
  if (random.chance(0.1) && !bytes.empty()) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(random.below(bytes.size()));
    bytes.erase(begin, std::min(bytes.end(), begin + 8));
  }
  return bytes;
}

}  // namespace ferv::test
