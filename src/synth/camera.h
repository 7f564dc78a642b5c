// SPDX-License-Identifier: Apache-2.0
// From a painted picture to what a camera records: exposure, tint, defocus, noise.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "canvas.h"
#include "ferv/base/random.h"
#include "ferv/media/image.h"

namespace ferv::synth {

struct CameraSettings {
  double brightness = 1;
  double contrast = 1;
  double warmth = 0;      ///< -1 blue to 1 orange
  double saturation = 1;  ///< 0 grey
  double blur_px = 0;     ///< deviation of the defocus, up to about 1
  double noise = 0;       ///< deviation, of 255
};

/// One camera for one clip. Not thread-safe: it holds working memory.
class Camera {
 public:
  Camera(const CameraSettings& settings, Random& random);
  /// `image` gets the canvas's size. `random` moves the noise from picture to picture.
  void record(const Canvas& canvas, Random& random, media::Image& image);

 private:
  void develop_row(const unsigned char* source, int width, std::uint8_t* target) const;
  void blur(media::Image& image);
  void add_noise(Random& random, media::Image& image) const;

  CameraSettings settings_;
  std::array<std::array<std::uint8_t, 256>, 3> tone_{};  ///< [channel RGB, painted value]
  std::vector<std::int8_t> grain_;
  std::vector<std::uint8_t> blurred_;
};

}  // namespace ferv::synth
