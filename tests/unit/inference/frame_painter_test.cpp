// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/frame_painter.h"

#include <cmath>

#include "ferv/base/random.h"
#include "matchers.h"
#include "rows.h"

namespace ferv::inference {
namespace {

using test::expect_error;
using test::kThreeClasses;
using testing::HasSubstr;

constexpr int kWidth = 400;
constexpr int kHeight = 300;
/// Of the person of film(), as row_of() places it: {110, 20, 64, 64}.
constexpr int kFaceX = 142;
constexpr int kFaceY = 52;

media::Image noise() {
  Random random(4);
  media::Image image(kWidth, kHeight);
  for (std::uint8_t& value : image.pixels) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

/// 100 frames of 0.1 s, of which 50 to 59 show person 1.
FilmRecord film(bool with_landmarks) {
  FilmRecord record(true);
  for (int i = 0; i < 100; ++i) {
    TimelineRow row = test::row_of(i, 0.1 * i, 1, i >= 50 && i < 60 ? 0 : -1);
    if (with_landmarks && row.face_id != 0) {
      for (std::size_t p = 0; p < face::kLandmarkCount; ++p)
        row.landmarks.push_back({120 + 0.5 * static_cast<double>(p), 50});
    }
    record.add(row);
  }
  return record;
}

/// How much the pixels around (x, y) differ from their mean.
double roughness(const media::Image& image, int x, int y) {
  double sum = 0, squares = 0;
  constexpr int kReach = 8;
  for (int dy = -kReach; dy <= kReach; ++dy) {
    for (int dx = -kReach; dx <= kReach; ++dx) {
      const double value = image.row(y + dy)[3 * (x + dx)];
      sum += value;
      squares += value * value;
    }
  }
  constexpr double kCount = (2 * kReach + 1) * (2 * kReach + 1);
  return std::sqrt(std::max(0.0, squares / kCount - sum / kCount * sum / kCount));
}

std::size_t changed_pixels(const media::Image& a, const media::Image& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.pixels.size(); i += 3)
    count += std::equal(a.pixels.begin() + static_cast<std::ptrdiff_t>(i),
                        a.pixels.begin() + static_cast<std::ptrdiff_t>(i) + 3,
                        b.pixels.begin() + static_cast<std::ptrdiff_t>(i))
                 ? 0
                 : 1;
  return count;
}

TEST(FramePainter, DrawsABoxAndALabelWhereTheFaceIs) {
  const FilmRecord record = film(false);
  const FramePainter painter(record, kThreeClasses, Privacy::kNone);
  media::Image image = noise();
  painter.hide_faces(image, 55);
  EXPECT_EQ(image.pixels, noise().pixels) << "nothing is hidden unasked";
  painter.annotate(image, 55);
  // The left edge of the box, half-way down; and the letters above it.
  EXPECT_NE(image.row(kFaceY)[3 * 110], noise().row(kFaceY)[3 * 110]);
  EXPECT_GT(changed_pixels(image, noise()), 500U);
  EXPECT_EQ(image.row(kFaceY)[3 * kFaceX], noise().row(kFaceY)[3 * kFaceX]) << "the face itself stays";
  media::Image without = noise();
  painter.annotate(without, 80);
  EXPECT_EQ(without.pixels, noise().pixels) << "no face, and the notice is over";
}

TEST(FramePainter, SaysItsLimitsInTheFirstSeconds) {
  const FilmRecord record = film(false);
  const FramePainter painter(record, kThreeClasses, Privacy::kNone);
  media::Image first = noise(), later = noise();
  painter.annotate(first, 0);
  painter.annotate(later, 45);
  EXPECT_GT(changed_pixels(first, noise()), 2000U);
  EXPECT_EQ(later.pixels, noise().pixels);
}

TEST(FramePainter, BlursHeadsAlsoShortlyBeforeTheyAreFoundAndAfterTheyAreLost) {
  const FilmRecord record = film(false);
  const FramePainter painter(record, kThreeClasses, Privacy::kBlur);
  const double before = roughness(noise(), kFaceX, kFaceY);
  for (const std::size_t frame : {46U, 50U, 55U, 59U, 63U}) {
    media::Image image = noise();
    painter.hide_faces(image, frame);
    EXPECT_LT(roughness(image, kFaceX, kFaceY), before / 4) << frame;
    EXPECT_EQ(image.row(280)[3 * 380], noise().row(280)[3 * 380]) << "the rest stays";
  }
  media::Image far = noise();
  painter.hide_faces(far, 30);
  EXPECT_EQ(far.pixels, noise().pixels);
}

TEST(FramePainter, LeavesOnlyLandmarksWhereThatIsWanted) {
  const FilmRecord record = film(true);
  const FramePainter painter(record, kThreeClasses, Privacy::kLandmarks);
  const media::Image black(kWidth, kHeight);
  media::Image with_face = noise(), without = noise();
  painter.hide_faces(with_face, 55);
  painter.hide_faces(without, 20);
  EXPECT_EQ(without.pixels, black.pixels);
  const std::size_t drawn = changed_pixels(with_face, black);
  EXPECT_GT(drawn, 20U);
  EXPECT_LT(drawn, 500U) << "thin lines";
}

TEST(FramePainter, StandsBoxesThatReachOutside) {
  FilmRecord record(false);
  TimelineRow row = test::row_of(0, 100, 1, 0);
  for (const media::Rectangle& box :
       {media::Rectangle{-50, -50, 80, 80}, {390, 290, 80, 80}, {-1e9, -1e9, 3e9, 3e9}, {1e12, 0, 10, 10}}) {
    row.box = box;
    record.add(row);
    ++row.frame;
    row.timestamp_s += 10;
  }
  const FramePainter painter(record, kThreeClasses, Privacy::kBlur);
  for (std::size_t frame = 0; frame < 4; ++frame) {
    media::Image image = noise(), tiny(3, 2);
    EXPECT_NO_THROW(painter.hide_faces(image, frame));
    EXPECT_NO_THROW(painter.annotate(image, frame));
    EXPECT_NO_THROW(painter.annotate(tiny, frame));
  }
}

TEST(Privacy, IsNamed) {
  EXPECT_EQ(privacy_from_name("landmarks"), Privacy::kLandmarks);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("'pixel', wanted none, blur or landmarks"),
               [] { (void)privacy_from_name("pixel"); });
}

}  // namespace
}  // namespace ferv::inference
