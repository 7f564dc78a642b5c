// SPDX-License-Identifier: Apache-2.0
// Pictures made in code for tests: smooth texture that no detector takes for a face.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ferv/base/random.h"
#include "ferv/media/image.h"

namespace ferv::test {

/// Blurred coloured blobs, different for each seed.
inline media::Image textured_picture(int width, int height, std::uint64_t seed) {
  Random random(seed);
  media::Image image(width, height);
  double waves[3][4][4];
  for (auto& channel : waves) {
    for (auto& wave : channel) {
      wave[0] = random.uniform(-0.08, 0.08);
      wave[1] = random.uniform(-0.08, 0.08);
      wave[2] = random.uniform(0, 6.28);
      wave[3] = random.uniform(10, 40);
    }
  }
  const double base[3] = {random.uniform(60, 200), random.uniform(60, 200), random.uniform(60, 200)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        double value = base[c];
        for (const auto& wave : waves[c]) value += wave[3] * std::sin(wave[0] * x + wave[1] * y + wave[2]);
        image.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
      }
    }
  }
  return image;
}

/// Puts `patch` on `image` with its upper left corner at (left, top); what falls outside is cut off.
inline void paste(media::Image& image, const media::Image& patch, int left, int top) {
  const int begin = std::max(0, -left), end = std::min(patch.width_px, image.width_px - left);
  for (int y = 0; y < patch.height_px; ++y) {
    if (top + y < 0 || top + y >= image.height_px || begin >= end) continue;
    std::memcpy(image.row(top + y) + 3 * (left + begin), patch.row(y) + 3 * begin,
                static_cast<std::size_t>(end - begin) * 3);
  }
}

}  // namespace ferv::test
