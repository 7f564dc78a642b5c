// SPDX-License-Identifier: Apache-2.0
// A few clips in the FERV39k layout, made in code: each class has its own colour, brightening over the
// frames.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/media/jpeg.h"

namespace ferv::test {

struct TinyDataSetOptions {
  int clips_per_cell = 4;  ///< the last quarter, rounded up, are test clips
  std::vector<std::string> scenes = {"Action", "War"};
  std::vector<std::string> classes = {"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"};
  int frame_count = 10;
  int size_px = 32;
};

inline media::Image tiny_frame(std::size_t label, int frame, Random& random,
                               const TinyDataSetOptions& options) {
  media::Image image(options.size_px, options.size_px);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const std::size_t channel = i % 3;
    const bool is_lit = ((label + 1) >> channel & 1U) != 0;
    image.pixels[i] =
        static_cast<std::uint8_t>((is_lit ? 120 + 8 * frame : 40) + static_cast<int>(random.below(30)));
  }
  return image;
}

/// Without the sync that write_file_atomically() has: tests write thousands of frames.
inline void write_tiny_frame(const std::filesystem::path& path, const media::Image& image) {
  std::filesystem::create_directories(path.parent_path());
  const std::vector<std::uint8_t> bytes = media::encode_jpeg(image, 90);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// Writes frames and lists below `root`.
inline void write_tiny_data_set(const std::filesystem::path& root, const TinyDataSetOptions& options = {}) {
  std::string train;
  std::string test;
  Random random(11);
  for (const std::string& scene : options.scenes) {
    for (std::size_t label = 0; label < options.classes.size(); ++label) {
      for (int number = 0; number < options.clips_per_cell; ++number) {
        const std::string id = scene + "/" + options.classes[label] + "/000" + std::to_string(number);
        for (int frame = 0; frame < options.frame_count; ++frame) {
          const std::string name = (frame < 10 ? "0" : "") + std::to_string(frame) + ".jpg";
          write_tiny_frame(root / "2_ClipsforFaceCrop" / id / name,
                           tiny_frame(label, frame, random, options));
        }
        const int test_count = (options.clips_per_cell + 3) / 4;
        (number < options.clips_per_cell - test_count ? train : test) +=
            id + " " + options.classes[label] + "\n";
      }
    }
  }
  write_file_atomically(root / "4_setups/All_scenes/train_All.csv", train);
  write_file_atomically(root / "4_setups/All_scenes/test_All.csv", test);
}

}  // namespace ferv::test
