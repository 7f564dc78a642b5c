// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/landmarks.h"

#include <cmath>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/face/detector.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"

namespace ferv::face {
namespace {

using test::expect_error;
using testing::HasSubstr;

bool has_model() {
  return std::filesystem::exists(default_landmark_model());
}

TEST(LandmarkPredictor, NamesAModelThatIsMissingOrIsNone) {
  const test::TemporaryFolder folder;
  expect_error(ErrorKind::kNotFound, HasSubstr("libdlib-data"),
               [&] { LandmarkPredictor predictor(folder / "none.dat"); });
  for (const char* text : {"", "hello", "\x01\x02\x03\x04\x05\x06\x07\x08"}) {
    write_file_atomically(folder / "model.dat", std::string_view(text));
    expect_error(ErrorKind::kCorruptData, HasSubstr("model.dat"),
                 [&] { LandmarkPredictor predictor(folder / "model.dat"); });
  }
}

TEST(LandmarkPredictor, RefusesATruncatedModel) {
  if (!has_model()) GTEST_SKIP() << "libdlib-data is not installed";
  const test::TemporaryFolder folder;
  std::filesystem::copy_file(default_landmark_model(), folder / "model.dat");
  std::filesystem::permissions(folder / "model.dat", std::filesystem::perms::owner_all);
  std::filesystem::resize_file(folder / "model.dat", 1 << 20);
  expect_error(ErrorKind::kCorruptData, HasSubstr("model.dat"),
               [&] { LandmarkPredictor predictor(folder / "model.dat"); });
}

TEST(LandmarkPredictor, PlacesEyesNoseAndMouthOfAPhotograph) {
  FERV_REQUIRE_SHARED();
  if (!has_model()) GTEST_SKIP() << "libdlib-data is not installed";
  const LandmarkPredictor predictor(default_landmark_model());
  const media::Image photograph = media::read_picture(test::shared_folder() / "samples/single_face.jpg");
  const media::Rectangle box = FaceDetector().detect(photograph).at(0).box;
  const Landmarks landmarks = predictor.predict(photograph, box);
  const auto middle = [&](std::size_t begin, std::size_t end) {
    Point sum;
    for (std::size_t i = begin; i < end; ++i) {
      sum.x += landmarks[i].x / static_cast<double>(end - begin);
      sum.y += landmarks[i].y / static_cast<double>(end - begin);
    }
    return sum;
  };
  const Point left_eye = middle(36, 42), right_eye = middle(42, 48), nose = middle(31, 36),
              mouth = middle(48, 68), chin = landmarks[8];
  EXPECT_LT(left_eye.x, nose.x);
  EXPECT_LT(nose.x, right_eye.x);
  EXPECT_LT(left_eye.y, nose.y);
  EXPECT_LT(nose.y, mouth.y);
  EXPECT_LT(mouth.y, chin.y);
  const double between_eyes = std::hypot(right_eye.x - left_eye.x, right_eye.y - left_eye.y);
  EXPECT_GT(between_eyes, 0.3 * box.width);
  EXPECT_LT(between_eyes, 0.6 * box.width);
}

TEST(LandmarkPredictor, FollowsThePictureWhenItMoves) {
  FERV_REQUIRE_SHARED();
  if (!has_model()) GTEST_SKIP() << "libdlib-data is not installed";
  const LandmarkPredictor predictor(default_landmark_model());
  const media::Image photograph = media::read_picture(test::shared_folder() / "samples/single_face.jpg");
  const media::Rectangle box = FaceDetector().detect(photograph).at(0).box;
  const Landmarks before = predictor.predict(photograph, box);
  // The same picture with 40 columns and 20 rows taken away on the left and above.
  const media::Image moved =
      media::crop_and_resize(photograph, {40, 20, photograph.width_px - 40.0, photograph.height_px - 20.0},
                             photograph.width_px - 40, photograph.height_px - 20);
  const Landmarks after = predictor.predict(moved, {box.left - 40, box.top - 20, box.width, box.height});
  for (std::size_t i = 0; i < kLandmarkCount; ++i) {
    EXPECT_NEAR(after[i].x, before[i].x - 40, 6) << i;
    EXPECT_NEAR(after[i].y, before[i].y - 20, 6) << i;
  }
}

}  // namespace
}  // namespace ferv::face
