// SPDX-License-Identifier: Apache-2.0
#include "camera.h"

#include <algorithm>
#include <cmath>

namespace ferv::synth {
namespace {

/// A prime number of values, so that rows of a picture do not repeat the same grain side by side.
constexpr std::size_t kGrainCount = 65521;

}  // namespace

Camera::Camera(const CameraSettings& settings, Random& random) : settings_(settings) {
  const std::array<double, 3> tint = {1 + 0.10 * settings.warmth, 1.0, 1 - 0.14 * settings.warmth};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t value = 0; value < 256; ++value) {
      const double lit = (static_cast<double>(value) / 255.0) * settings.brightness * tint[channel];
      const double toned = 0.45 + (lit - 0.45) * settings.contrast;
      tone_[channel][value] = static_cast<std::uint8_t>(std::clamp(255.0 * toned + 0.5, 0.0, 255.0));
    }
  }
  if (settings.noise > 0) {
    grain_.resize(kGrainCount);
    for (std::int8_t& grain : grain_) {
      // The sum of four uniform numbers is near enough to normal, and cheap.
      const std::uint64_t bits = random.next();
      const auto part = [bits](int shift) {
        return static_cast<double>((bits >> shift) & 0xffff) / 65536.0 - 0.5;
      };
      const double normal = (part(0) + part(16) + part(32) + part(48)) * std::sqrt(3.0);
      grain = static_cast<std::int8_t>(std::clamp(std::lround(normal * settings.noise), -120L, 120L));
    }
  }
}

void Camera::develop_row(const unsigned char* source, int width, std::uint8_t* target) const {
  if (settings_.saturation == 1.0) {
    for (int x = 0; x < width; ++x) {
      target[3 * x] = tone_[0][source[4 * x + 2]];
      target[3 * x + 1] = tone_[1][source[4 * x + 1]];
      target[3 * x + 2] = tone_[2][source[4 * x]];
    }
    return;
  }
  const int keep = static_cast<int>(std::lround(256 * settings_.saturation));
  for (int x = 0; x < width; ++x) {
    const int blue = source[4 * x];
    const int green = source[4 * x + 1];
    const int red = source[4 * x + 2];
    const int grey = (77 * red + 151 * green + 28 * blue) >> 8;
    const auto toward_grey = [&](int value) {
      return static_cast<std::size_t>(std::clamp(grey + ((value - grey) * keep) / 256, 0, 255));
    };
    target[3 * x] = tone_[0][toward_grey(red)];
    target[3 * x + 1] = tone_[1][toward_grey(green)];
    target[3 * x + 2] = tone_[2][toward_grey(blue)];
  }
}

void Camera::blur(media::Image& image) {
  // Three taps [side, middle, side] of variance sigma^2 along each axis; enough for the little that cameras
  // miss.
  const double variance = std::min(0.9, settings_.blur_px * settings_.blur_px);
  const int side = static_cast<int>(std::lround(128 * variance / 2));
  const int middle = 128 - 2 * side;
  if (side == 0) return;
  const std::size_t row_bytes = image.row_bytes();
  blurred_.resize(image.pixels.size());
  for (int y = 0; y < image.height_px; ++y) {
    const std::uint8_t* above = image.row(std::max(0, y - 1));
    const std::uint8_t* here = image.row(y);
    const std::uint8_t* below = image.row(std::min(image.height_px - 1, y + 1));
    std::uint8_t* target = blurred_.data() + static_cast<std::size_t>(y) * row_bytes;
    for (std::size_t i = 0; i < row_bytes; ++i) {
      target[i] = static_cast<std::uint8_t>((side * (above[i] + below[i]) + middle * here[i] + 64) >> 7);
    }
  }
  for (int y = 0; y < image.height_px; ++y) {
    const std::uint8_t* source = blurred_.data() + static_cast<std::size_t>(y) * row_bytes;
    std::uint8_t* target = image.row(y);
    std::copy_n(source, 3, target);
    std::copy_n(source + row_bytes - 3, 3, target + row_bytes - 3);
    for (std::size_t i = 3; i + 3 < row_bytes; ++i) {
      target[i] =
          static_cast<std::uint8_t>((side * (source[i - 3] + source[i + 3]) + middle * source[i] + 64) >> 7);
    }
  }
}

void Camera::add_noise(Random& random, media::Image& image) const {
  std::size_t at = random.below(kGrainCount);
  const std::size_t count = image.pixels.size();
  for (std::size_t done = 0; done < count;) {
    const std::size_t run = std::min(kGrainCount - at, count - done);
    std::uint8_t* pixels = image.pixels.data() + done;
    const std::int8_t* grain = grain_.data() + at;
    for (std::size_t i = 0; i < run; ++i) {
      pixels[i] = static_cast<std::uint8_t>(std::clamp(int{pixels[i]} + int{grain[i]}, 0, 255));
    }
    done += run;
    at = 0;
  }
}

void Camera::record(const Canvas& canvas, Random& random, media::Image& image) {
  image.width_px = canvas.width_px();
  image.height_px = canvas.height_px();
  image.pixels.resize(image.row_bytes() * static_cast<std::size_t>(image.height_px));
  for (int y = 0; y < image.height_px; ++y) develop_row(canvas.row(y), image.width_px, image.row(y));
  blur(image);
  if (!grain_.empty()) add_noise(random, image);
}

}  // namespace ferv::synth
