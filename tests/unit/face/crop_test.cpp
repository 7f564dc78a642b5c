// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/crop.h"

#include <cmath>

#include "ferv/base/error.h"
#include "matchers.h"
#include "painted_picture.h"

namespace ferv::face {
namespace {

using test::expect_error;
using testing::HasSubstr;

/// Red grows to the right, green downwards, one level a pixel.
media::Image coordinates(int width, int height) {
  media::Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.row(y)[3 * x] = static_cast<std::uint8_t>(x);
      image.row(y)[3 * x + 1] = static_cast<std::uint8_t>(y);
    }
  }
  return image;
}

/// A plausible set of points around (cx, cy), turned by `roll_rad`.
Landmarks made_landmarks(double cx, double cy, double size, double roll_rad) {
  Landmarks landmarks;
  for (std::size_t i = 0; i < kLandmarkCount; ++i) {
    double x = std::cos(static_cast<double>(i)) * size * 0.4,
           y = std::sin(static_cast<double>(i) * 1.7) * size * 0.4;
    if (i >= 36 && i < 42) x = -size * 0.3, y = -size * 0.2;
    if (i >= 42 && i < 48) x = size * 0.3, y = -size * 0.2;
    landmarks[i] = {cx + x * std::cos(roll_rad) - y * std::sin(roll_rad),
                    cy + x * std::sin(roll_rad) + y * std::cos(roll_rad)};
  }
  return landmarks;
}

TEST(PlaceCrop, WithoutLandmarksIsTheBoxWithItsMargin) {
  Face face;
  face.box = {100, 50, 80, 80};
  const CropPlacement placement = place_crop(face, {.margin = 0.5});
  EXPECT_DOUBLE_EQ(placement.centre.x, 140);
  EXPECT_DOUBLE_EQ(placement.centre.y, 90);
  EXPECT_DOUBLE_EQ(placement.side_px, 120);
  EXPECT_EQ(placement.roll_rad, 0);
}

TEST(PlaceCrop, TurnsWithTheEyesAndKeepsItsSize) {
  Face face;
  face.landmarks = made_landmarks(100, 100, 60, 0);
  const CropPlacement level = place_crop(face, {});
  for (const double roll : {-0.6, -0.1, 0.3, 1.0}) {
    face.landmarks = made_landmarks(100, 100, 60, roll);
    const CropPlacement turned = place_crop(face, {});
    EXPECT_NEAR(turned.roll_rad, roll, 1e-9);
    EXPECT_NEAR(turned.side_px, level.side_px, 1e-9);
    // The centre turns with the face about the point that the face was turned about.
    const double dx = level.centre.x - 100, dy = level.centre.y - 100;
    EXPECT_NEAR(turned.centre.x, 100 + dx * std::cos(roll) - dy * std::sin(roll), 1e-9);
    EXPECT_NEAR(turned.centre.y, 100 + dx * std::sin(roll) + dy * std::cos(roll), 1e-9);
  }
}

TEST(PlaceCrop, GrowsWithTheFace) {
  Face face;
  face.landmarks = made_landmarks(100, 100, 30, 0.2);
  const double small = place_crop(face, {}).side_px;
  face.landmarks = made_landmarks(100, 100, 60, 0.2);
  EXPECT_NEAR(place_crop(face, {}).side_px, 2 * small, 1e-9);
}

TEST(CutCrop, CopiesPixelsWhereNothingIsResized) {
  const media::Image image = coordinates(200, 150);
  const media::Image crop = cut_crop(image, {{100, 70}, 64, 0}, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      ASSERT_EQ(crop.row(y)[3 * x], 68 + x);
      ASSERT_EQ(crop.row(y)[3 * x + 1], 38 + y);
    }
  }
}

TEST(CutCrop, UndoesTheTurnForEverySizeAndAngle) {
  const media::Image image = coordinates(250, 250);
  for (const double roll : {-0.7, -0.2, 0.05, 0.4, 1.2}) {
    for (const int size : {32, 64, 112}) {
      const double side = 90;
      const media::Image crop = cut_crop(image, {{125, 120}, side, roll}, size);
      for (int y = 1; y < size - 1; y += 5) {
        for (int x = 1; x < size - 1; x += 5) {
          const double dx = (x + 0.5 - size / 2.0) * side / size, dy = (y + 0.5 - size / 2.0) * side / size;
          ASSERT_NEAR(crop.row(y)[3 * x], 125 + dx * std::cos(roll) - dy * std::sin(roll) - 0.5, 1.5)
              << roll << " " << size;
          ASSERT_NEAR(crop.row(y)[3 * x + 1], 120 + dx * std::sin(roll) + dy * std::cos(roll) - 0.5, 1.5)
              << roll << " " << size;
        }
      }
    }
  }
}

TEST(CutCrop, RepeatsTheEdgeOutsideThePicture) {
  const media::Image image = coordinates(100, 100);
  for (const double roll : {0.0, 0.3}) {
    const media::Image crop = cut_crop(image, {{0, 0}, 80, roll}, 80);
    EXPECT_NEAR(crop.row(0)[0], 0, 1) << "left of the picture: its first column";
    EXPECT_NEAR(crop.row(0)[1], 0, 1) << "above the picture: its first row";
    EXPECT_GT(crop.row(79)[3 * 79 + 1], 30);
  }
}

TEST(CutCrop, RefusesWhatCannotBeCut) {
  const media::Image image = coordinates(10, 10);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("empty"), [] {
    (void)cut_crop({}, {{1, 1}, 5, 0}, 8);
  });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("positive"), [&] {
    (void)cut_crop(image, {{1, 1}, 0, 0}, 8);
  });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("positive"), [&] {
    (void)cut_crop(image, {{1, 1}, NAN, 0}, 8);
  });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("4096"), [&] {
    (void)cut_crop(image, {{1, 1}, 5, 0}, 0);
  });
}

}  // namespace
}  // namespace ferv::face
