// SPDX-License-Identifier: Apache-2.0
#include "augment_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "stream_pixels.h"

namespace ferv::data {
namespace {

/// Without the row of offsets.
using Matrix3 = std::array<std::array<double, 3>, 3>;

constexpr std::array<double, 3> kLuma = {0.299, 0.587, 0.114};
constexpr double kMidGrey = 127.5;

Matrix3 product(const Matrix3& a, const Matrix3& b) {
  Matrix3 result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 3; ++k) result[i][j] += a[i][k] * b[k][j];
    }
  }
  return result;
}

Matrix3 saturation_matrix(double factor) {
  Matrix3 result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) result[i][j] = (1 - factor) * kLuma[j] + (i == j ? factor : 0);
  }
  return result;
}

Matrix3 hue_matrix(double turn) {
  constexpr Matrix3 kToYiq = {{{0.299, 0.587, 0.114}, {0.596, -0.274, -0.322}, {0.211, -0.523, 0.312}}};
  // The inverse of the above.
  constexpr Matrix3 kToRgb = {{{1, 0.95617, 0.62143}, {1, -0.27269, -0.64681}, {1, -1.10374, 1.70062}}};
  const double angle = 2 * std::numbers::pi * turn;
  const Matrix3 rotation = {
      {{1, 0, 0}, {0, std::cos(angle), -std::sin(angle)}, {0, std::sin(angle), std::cos(angle)}}};
  return product(kToRgb, product(rotation, kToYiq));
}

std::uint8_t code(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

}  // namespace

ColourMatrix colour_matrix(const ColourChange& change) {
  // Contrast keeps mid grey where it is, and so do saturation and hue: its offset passes through them.
  const double gain = change.brightness * change.contrast;
  Matrix3 matrix = saturation_matrix(change.saturation);
  if (change.hue_turn != 0) matrix = product(hue_matrix(change.hue_turn), matrix);
  ColourMatrix result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) result[i][j] = static_cast<float>(gain * matrix[i][j]);
    result[i][3] = static_cast<float>((1 - change.contrast) * kMidGrey);
  }
  return result;
}

void apply_colour(std::span<std::uint8_t> pixels, const ColourMatrix& matrix) {
  for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
    const auto red = static_cast<float>(pixels[i]);
    const auto green = static_cast<float>(pixels[i + 1]);
    const auto blue = static_cast<float>(pixels[i + 2]);
    for (std::size_t c = 0; c < 3; ++c) {
      const auto& row = matrix[c];
      pixels[i + c] = code(row[0] * red + row[1] * green + row[2] * blue + row[3]);
    }
  }
}

void rotate_frame(const FrameBlock& frame, double radians, std::vector<std::uint8_t>& scratch) {
  scratch.assign(frame.pixels, frame.pixels + frame.frame_bytes());
  const auto cosine = static_cast<float>(std::cos(radians));
  const auto sine = static_cast<float>(std::sin(radians));
  const int width = frame.width_px;
  const int height = frame.height_px;
  const float centre_x = static_cast<float>(width - 1) / 2;
  const float centre_y = static_cast<float>(height - 1) / 2;
  std::uint8_t* to = frame.pixels;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, to += 3) {
      // Where the pixel comes from: y points down, so this is the turn back.
      const float dx = static_cast<float>(x) - centre_x;
      const float dy = static_cast<float>(y) - centre_y;
      const float from_x =
          std::clamp(centre_x + cosine * dx - sine * dy, 0.0F, static_cast<float>(width - 1));
      const float from_y =
          std::clamp(centre_y + sine * dx + cosine * dy, 0.0F, static_cast<float>(height - 1));
      const int left = static_cast<int>(from_x);
      const int top = static_cast<int>(from_y);
      const float share_x = from_x - static_cast<float>(left);
      const float share_y = from_y - static_cast<float>(top);
      const std::size_t right = left + 1 < width ? 3 : 0;
      const std::size_t below = top + 1 < height ? static_cast<std::size_t>(width) * 3 : 0;
      const std::uint8_t* corner =
          scratch.data() +
          (static_cast<std::size_t>(top) * static_cast<std::size_t>(width) + static_cast<std::size_t>(left)) *
              3;
      for (std::size_t c = 0; c < 3; ++c) {
        const float upper =
            static_cast<float>(corner[c]) * (1 - share_x) + static_cast<float>(corner[right + c]) * share_x;
        const float lower = static_cast<float>(corner[below + c]) * (1 - share_x) +
                            static_cast<float>(corner[below + right + c]) * share_x;
        to[c] = code(upper * (1 - share_y) + lower * share_y);
      }
    }
  }
}

void rotate_flow(std::span<std::uint8_t> pixels, double radians) {
  const auto cosine = static_cast<float>(std::cos(radians));
  const auto sine = static_cast<float>(std::sin(radians));
  for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
    const auto u = static_cast<float>(pixels[i] - kStillCode);
    const auto v = static_cast<float>(pixels[i + 1] - kStillCode);
    pixels[i] = code(static_cast<float>(kStillCode) + cosine * u + sine * v);
    pixels[i + 1] = code(static_cast<float>(kStillCode) - sine * u + cosine * v);
  }
}

void erase_rectangle(const FrameBlock& frames, const media::Rectangle& box,
                     const std::array<std::uint8_t, 3>& colour) {
  const auto edge = [](double share, int size) {
    return std::clamp(static_cast<int>(std::lround(share * size)), 0, size);
  };
  const int left = edge(box.left, frames.width_px);
  const int right = edge(box.left + box.width, frames.width_px);
  const int top = edge(box.top, frames.height_px);
  const int bottom = edge(box.top + box.height, frames.height_px);
  for (std::size_t t = 0; t < frames.frame_count; ++t) {
    for (int y = top; y < bottom; ++y) {
      std::uint8_t* to = frames.pixels + t * frames.frame_bytes() +
                         (static_cast<std::size_t>(y) * static_cast<std::size_t>(frames.width_px) +
                          static_cast<std::size_t>(left)) *
                             3;
      for (int x = left; x < right; ++x, to += 3) std::memcpy(to, colour.data(), 3);
    }
  }
}

}  // namespace ferv::data
