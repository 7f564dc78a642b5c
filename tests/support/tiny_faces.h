// SPDX-License-Identifier: Apache-2.0
// A few still "faces", made in code: each class has its own colours, each picture its own noise.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/media/jpeg.h"

namespace ferv::test {

/// 32 x 32; upper and lower half have colours that `look` decides.
inline media::Image tiny_face(std::uint64_t look, std::uint64_t seed) {
  media::Image image(32, 32);
  Random colours(derive_seed(look, "colours"));
  Random noise(derive_seed(seed, "noise"));
  std::uint8_t colour[2][3];
  for (auto& half : colour) {
    for (std::uint8_t& channel : half) channel = static_cast<std::uint8_t>(20 + colours.below(190));
  }
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = static_cast<std::uint8_t>(colour[i / (32 * 16 * 3)][i % 3] + noise.below(30));
  return image;
}

inline std::vector<std::uint8_t> tiny_face_jpeg(std::uint64_t look, std::uint64_t seed) {
  return media::encode_jpeg(tiny_face(look, seed), 90);
}

/// <root>/<class>/<class>_0001.jpg ...
inline void write_tiny_faces(const std::filesystem::path& root, const std::vector<std::string>& classes,
                             int pictures_per_class) {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    for (int i = 0; i < pictures_per_class; ++i) {
      std::string name = std::to_string(i);
      name.insert(0, 1, 'p').append("_0001.jpg");
      write_file_atomically(root / classes[k] / name, std::span<const std::uint8_t>(tiny_face_jpeg(
                                                          k, 100 * k + static_cast<std::uint64_t>(i))));
    }
  }
}

}  // namespace ferv::test
