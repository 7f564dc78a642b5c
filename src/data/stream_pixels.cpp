// SPDX-License-Identifier: Apache-2.0
#include "stream_pixels.h"

#include <algorithm>
#include <cstring>

namespace ferv::data {

void difference_in_place(std::span<std::uint8_t> frames, std::size_t frame_bytes) {
  const std::size_t count = frames.size() / frame_bytes;
  if (count < 2) {
    std::fill(frames.begin(), frames.end(), static_cast<std::uint8_t>(kStillCode));
    return;
  }
  // From the last frame on: each needs its predecessor as it was.
  for (std::size_t t = count - 1; t > 0; --t) {
    std::uint8_t* here = frames.data() + t * frame_bytes;
    const std::uint8_t* before = here - frame_bytes;
    for (std::size_t i = 0; i < frame_bytes; ++i)
      here[i] = static_cast<std::uint8_t>(std::clamp(here[i] - before[i] + kStillCode, 0, 255));
  }
  std::memcpy(frames.data(), frames.data() + frame_bytes, frame_bytes);
}

void negate_horizontal_flow(std::span<std::uint8_t> pixels) {
  for (std::size_t i = 0; i < pixels.size(); i += 3)
    pixels[i] = static_cast<std::uint8_t>(std::min(2 * kStillCode - pixels[i], 255));
}

}  // namespace ferv::data
