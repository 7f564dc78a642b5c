// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/align_pictures.h"

#include <atomic>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/face/landmarks.h"
#include "ferv/media/image.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"
#include "painted_picture.h"

namespace ferv::face {
namespace {

namespace fs = std::filesystem;

using test::expect_error;
using testing::ElementsAre;
using testing::HasSubstr;

void write(const fs::path& path, const media::Image& picture) {
  make_folder(path.parent_path());
  write_file_atomically(path, media::encode_jpeg(picture, 90));
}

/// One picture with a face, one without, one that is damaged.
void write_photographs(const fs::path& folder) {
  write(folder / "Happy/nobody.jpg", test::textured_picture(200, 160, 3));
  write_file_atomically(folder / "Sad/damaged.jpg", std::string_view("\xff\xd8\xff no picture"));
  write_file_atomically(folder / "notes.txt", std::string_view("no picture, and not meant as one"));
}

TEST(AlignPictures, CountsWhatShowsNoFaceAndWhatCannotBeRead) {
  const test::TemporaryFolder folder;
  write_photographs(folder / "in");
  const auto summary = align_pictures({.folder = folder / "in", .out = folder / "out", .threads = 2}, {});
  EXPECT_TRUE(summary.complete);
  EXPECT_EQ(summary.written, 0U);
  EXPECT_THAT(summary.without_face, ElementsAre("Happy/nobody.jpg"));
  EXPECT_THAT(summary.unreadable, ElementsAre("Sad/damaged.jpg"));
  EXPECT_FALSE(fs::exists(folder / "out/Happy/nobody.jpg"));
}

TEST(AlignPictures, CutsTheMiddleOfPicturesWithoutAFaceWhenAskedTo) {
  const test::TemporaryFolder folder;
  write_photographs(folder / "in");
  AlignPicturesOptions options{.folder = folder / "in", .out = folder / "out", .crop = {.size_px = 80}};
  options.middle_share = 0.5;
  const auto summary = align_pictures(options, {});
  EXPECT_EQ(summary.written, 1U);
  EXPECT_THAT(summary.without_face, ElementsAre("Happy/nobody.jpg"));
  const media::Image crop = media::read_picture(folder / "out/Happy/nobody.jpg");
  EXPECT_EQ(crop.width_px, 80);
  const media::Image picture = media::read_picture(folder / "in/Happy/nobody.jpg");
  const media::Image wanted = media::crop_and_resize(picture, {60, 40, 80, 80}, 80, 80);
  double difference = 0;
  for (std::size_t i = 0; i < wanted.pixels.size(); ++i)
    difference += std::abs(static_cast<int>(wanted.pixels[i]) - static_cast<int>(crop.pixels[i]));
  EXPECT_LT(difference / static_cast<double>(wanted.pixels.size()), 6) << "JPEG alone lies between them";
}

TEST(AlignPictures, LevelsTheFaceOfAPhotographAndKeepsWhatIsThere) {
  FERV_REQUIRE_SHARED();
  const fs::path model = default_landmark_model();
  if (model.empty()) GTEST_SKIP() << "libdlib-data is not installed";
  const test::TemporaryFolder folder;
  write(folder / "in/Happy/person.jpeg",
        media::read_picture(test::shared_folder() / "samples/single_face.jpg"));
  AlignPicturesOptions options{.folder = folder / "in", .out = folder / "out"};
  options.landmark_model = model;
  EXPECT_EQ(align_pictures(options, {}).written, 1U);
  const media::Image crop = media::read_picture(folder / "out/Happy/person.jpg");
  ASSERT_EQ(crop.width_px, 224);
  const auto faces = FaceDetector().detect(crop);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_GT(faces[0].box.width, 110);
  const Landmarks landmarks = LandmarkPredictor(model).predict(crop, faces[0].box);
  EXPECT_NEAR(landmarks[36].y, landmarks[45].y, 12) << "outer corners of the eyes";
  const auto again = align_pictures(options, {});
  EXPECT_EQ(again.written, 1U);
  EXPECT_EQ(again.kept, 1U);
}

TEST(AlignPictures, GoesOnWhereItWasStopped) {
  const test::TemporaryFolder folder;
  for (int i = 0; i < 6; ++i)
    write(folder / "in" / (std::to_string(i) + ".jpg"),
          test::textured_picture(90, 90, static_cast<std::uint64_t>(i)));
  AlignPicturesOptions options{.folder = folder / "in", .out = folder / "out"};
  options.middle_share = 1;
  options.threads = 1;
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  observer.progress_sink = [&](const ProgressEvent& event) { stop = event.done >= 3; };
  const auto stopped = align_pictures(options, observer);
  EXPECT_FALSE(stopped.complete);
  EXPECT_LT(stopped.written, 6U);
  const auto rest = align_pictures(options, {});
  EXPECT_TRUE(rest.complete);
  EXPECT_EQ(rest.written, 6U);
  EXPECT_EQ(rest.kept, stopped.written);
}

TEST(AlignPictures, RefusesMissingFoldersOneNameForTwoAndCropsAmongThePictures) {
  const test::TemporaryFolder folder;
  const auto align = [&](const fs::path& in, const fs::path& out) {
    (void)align_pictures({.folder = folder / in, .out = folder / out}, {});
  };
  expect_error(ErrorKind::kNotFound, HasSubstr("folder of pictures"), [&] { align("none", "out"); });
  make_folder(folder / "empty");
  expect_error(ErrorKind::kNotFound, HasSubstr("JPEG or PNG"), [&] { align("empty", "out"); });
  write(folder / "in/a.jpg", test::textured_picture(60, 60, 1));
  write(folder / "in/a.jpeg", test::textured_picture(60, 60, 2));
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("same name"), [&] { align("in", "out"); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("lies inside"), [&] { align("in", "in/out"); });
  EXPECT_FALSE(fs::exists(folder / "out"));
}

}  // namespace
}  // namespace ferv::face
