// SPDX-License-Identifier: Apache-2.0
#include "camera.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ferv::synth {
namespace {

media::Image record(const CameraSettings& settings, const Canvas& canvas) {
  Random random(9);
  Camera camera(settings, random);
  media::Image image;
  camera.record(canvas, random, image);
  return image;
}

Canvas grey_canvas() {
  Canvas canvas(64, 48);
  canvas.fill_all({0.4, 0.4, 0.4});
  return canvas;
}

TEST(Camera, WithoutFaultsKeepsPixelsAndTheirOrder) {
  Canvas canvas(8, 4);
  canvas.fill_all({1.0, 0.4, 0.2});
  const media::Image image = record({}, canvas);
  EXPECT_EQ(image.width_px, 8);
  EXPECT_EQ(image.height_px, 4);
  EXPECT_EQ(image.row(3)[21], 255);
  EXPECT_EQ(image.row(3)[22], 102);
  EXPECT_EQ(image.row(3)[23], 51);
}

TEST(Camera, NoiseHasTheWantedDeviationAndNoMean) {
  CameraSettings settings;
  settings.noise = 6;
  const media::Image image = record(settings, grey_canvas());
  double sum = 0;
  double squares = 0;
  for (const std::uint8_t value : image.pixels) {
    sum += value - 102.0;
    squares += (value - 102.0) * (value - 102.0);
  }
  const auto count = static_cast<double>(image.pixels.size());
  EXPECT_NEAR(sum / count, 0, 0.3);
  EXPECT_NEAR(std::sqrt(squares / count), 6, 0.4);
}

TEST(Camera, WithoutSaturationSeesGrey) {
  Canvas canvas(4, 4);
  canvas.fill_all({0.9, 0.3, 0.1});
  CameraSettings settings;
  settings.saturation = 0;
  const media::Image image = record(settings, canvas);
  EXPECT_EQ(image.pixels[0], image.pixels[1]);
  EXPECT_EQ(image.pixels[1], image.pixels[2]);
}

TEST(Camera, DefocusSpreadsALineAndKeepsItsLight) {
  Canvas canvas(21, 21);
  canvas.fill_all({0, 0, 0});
  canvas.fill_rectangle({10, 0}, {1, 21}, {0.8, 0.8, 0.8});
  CameraSettings settings;
  settings.blur_px = 0.7;
  const media::Image image = record(settings, canvas);
  const std::uint8_t* row = image.row(10);
  EXPECT_LT(row[30], 204);
  EXPECT_GT(row[27], 10);
  EXPECT_NEAR(row[27] + row[30] + row[33], 204, 3);
}

TEST(Camera, WarmthRaisesRedAndLowersBlue) {
  CameraSettings settings;
  settings.warmth = 1;
  const media::Image image = record(settings, grey_canvas());
  EXPECT_GT(image.pixels[0], 102);
  EXPECT_EQ(image.pixels[1], 102);
  EXPECT_LT(image.pixels[2], 102);
}

}  // namespace
}  // namespace ferv::synth
