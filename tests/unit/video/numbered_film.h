// SPDX-License-Identifier: Apache-2.0
// Films whose every frame carries its own number in its pixels, so that a test can tell which frame came out.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

#include "ferv/media/video_reader.h"
#include "ferv/media/video_writer.h"

namespace ferv::test {

inline constexpr int kNumberBits = 8;

/// The number as eight bars, dark or light, from left to right, over the upper half; the lower half is grey,
/// so that the picture shows which way up it is.
inline media::Image numbered_picture(int number, int width, int height) {
  media::Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int bit = x * kNumberBits / width;
      const bool light = (number >> bit & 1) != 0;
      std::fill_n(image.row(y) + 3 * x, 3,
                  static_cast<std::uint8_t>(y < height / 2 ? (light ? 230 : 20) : 128));
    }
  }
  return image;
}

/// The reverse; -1 where the lower half is not grey.
inline int number_of(const media::Image& image) {
  int number = 0;
  for (int bit = 0; bit < kNumberBits; ++bit) {
    const int x = (2 * bit + 1) * image.width_px / (2 * kNumberBits);
    if (image.row(image.height_px / 4)[3 * x] > 128) number |= 1 << bit;
    const int below = image.row(image.height_px * 3 / 4)[3 * x];
    if (below < 100 || below > 156) return -1;
  }
  return number;
}

inline void write_numbered_film(const std::filesystem::path& path, int frame_count,
                                media::VideoWriterOptions options) {
  if (options.width_px == 0) options.width_px = 96;
  if (options.height_px == 0) options.height_px = 64;
  media::VideoWriter writer(path, options);
  for (int i = 0; i < frame_count; ++i)
    writer.write(numbered_picture(i, options.width_px, options.height_px));
  writer.finish();
}

/// Number and time of every frame that a source gives.
struct SeenFrames {
  std::vector<int> numbers;
  std::vector<double> timestamps_s;
};

inline SeenFrames read_all(media::VideoSource& source) {
  SeenFrames seen;
  for (media::VideoFrame frame; source.read(frame);) {
    seen.numbers.push_back(number_of(frame.image));
    seen.timestamps_s.push_back(frame.timestamp_s);
  }
  return seen;
}

}  // namespace ferv::test
