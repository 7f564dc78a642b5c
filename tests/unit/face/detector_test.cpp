// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/detector.h"

#include "box_overlap.h"
#include "ferv/base/error.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"
#include "painted_picture.h"

namespace ferv::face {
namespace {

using test::expect_error;
using testing::HasSubstr;

TEST(FaceDetector, FindsNoFaceWhereThereIsNone) {
  FaceDetector detector;
  for (std::uint64_t seed = 0; seed < 8; ++seed)
    EXPECT_TRUE(detector.detect(test::textured_picture(320, 240, seed)).empty()) << seed;
  EXPECT_TRUE(detector.detect(media::Image(3, 2)).empty()) << "tiny pictures are no error";
  EXPECT_TRUE(detector.detect(media::Image(2000, 1)).empty());
}

TEST(FaceDetector, RefusesEmptyPicturesAndAbsurdOptions) {
  FaceDetector detector;
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("empty"), [&] { (void)detector.detect({}); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("no size"), [&] {
    (void)detector.detect_near(media::Image(9, 9), {1, 1, 0, 0}, 0);
  });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("search side"),
               [] { FaceDetector bad({.search_side_px = 7}); });
}

TEST(FaceDetector, FindsTheFaceOfAPhotograph) {
  FERV_REQUIRE_SHARED();
  const media::Image photograph = media::read_picture(test::shared_folder() / "samples/single_face.jpg");
  FaceDetector detector;
  const auto found = detector.detect(photograph);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_GT(overlap(found[0].box, {161, 185, 216, 216}), 0.7) << "where a person sees it";
  EXPECT_GT(found[0].confidence, 0.5);
}

TEST(FaceDetector, GivesBoxesInPixelsOfThePictureWhateverItsSize) {
  FERV_REQUIRE_SHARED();
  const media::Image photograph = media::read_picture(test::shared_folder() / "samples/single_face.jpg");
  const media::Rectangle whole{0, 0, static_cast<double>(photograph.width_px),
                               static_cast<double>(photograph.height_px)};
  FaceDetector detector;
  const media::Rectangle truth = detector.detect(photograph).at(0).box;
  for (const double factor : {0.6, 1.7, 3.1}) {
    const auto width = static_cast<int>(photograph.width_px * factor),
               height = static_cast<int>(photograph.height_px * factor);
    const auto found = detector.detect(media::crop_and_resize(photograph, whole, width, height));
    ASSERT_EQ(found.size(), 1U) << factor;
    const media::Rectangle back{found[0].box.left / factor, found[0].box.top / factor,
                                found[0].box.width / factor, found[0].box.height / factor};
    EXPECT_GT(overlap(back, truth), 0.6) << factor;
  }
}

TEST(FaceDetector, SearchingNearAFaceFindsTheSameFace) {
  FERV_REQUIRE_SHARED();
  const media::Image photograph = media::read_picture(test::shared_folder() / "samples/single_face.jpg");
  FaceDetector detector;
  const media::Rectangle truth = detector.detect(photograph).at(0).box;
  for (const double shift : {-30.0, 0.0, 30.0}) {
    const auto found = detector.detect_near(
        photograph, {truth.left + shift, truth.top - shift / 2, truth.width * 1.1, truth.height * 1.1}, 0);
    ASSERT_EQ(found.size(), 1U) << shift;
    EXPECT_GT(overlap(found[0].box, truth), 0.6) << shift;
  }
  EXPECT_TRUE(
      detector
          .detect_near(photograph, {truth.left + 2 * truth.width, truth.top, truth.width, truth.height}, 0)
          .empty());
  EXPECT_TRUE(detector.detect_near(photograph, {-500, -500, 100, 100}, 0).empty()) << "outside the picture";
}

TEST(FaceDetector, FindsTheFrontalFacesOfAGroupTheLargestFirst) {
  FERV_REQUIRE_SHARED();
  const media::Image photograph = media::read_picture(test::shared_folder() / "samples/multi_face.jpg");
  FaceDetector detector({.search_side_px = 1000, .find_small_faces = true});
  const auto found = detector.detect(photograph);
  // The fifth person of the group wears dark glasses and tilts his head, which is beyond this detector.
  ASSERT_EQ(found.size(), 4U);
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_GE(found[i - 1].box.width, found[i].box.width);
  const std::pair<int, int> noses[] = {{365, 300}, {480, 264}, {572, 370}, {735, 365}};
  for (const auto& [x, y] : noses) {
    int holders = 0;
    for (const Detection& one : found) {
      const bool inside = x > one.box.left && x < one.box.left + one.box.width && y > one.box.top &&
                          y < one.box.top + one.box.height;
      holders += inside ? 1 : 0;
    }
    EXPECT_EQ(holders, 1) << "nose at " << x << "," << y;
  }
}

}  // namespace
}  // namespace ferv::face
