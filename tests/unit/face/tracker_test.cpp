// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/tracker.h"

#include <set>

#include "box_overlap.h"
#include "ferv/base/error.h"
#include "ferv/face/landmarks.h"
#include "ferv/media/jpeg.h"
#include "ferv/media/video_source.h"
#include "matchers.h"
#include "painted_picture.h"

namespace ferv::face {
namespace {

using test::expect_error;
using test::paste;
using test::textured_picture;
using testing::HasSubstr;

constexpr double kFrameS = 0.04;

/// The face of the sample photograph with what is around it, 160 x 160; its box begins at (30, 35) and is 100
/// wide.
const media::Image& face_patch() {
  static const media::Image patch = [] {
    const media::Image photograph = media::read_picture(test::shared_folder() / "samples/single_face.jpg");
    return media::crop_and_resize(photograph, {96, 109, 346, 346}, 160, 160);
  }();
  return patch;
}

media::Image frame_with_face(std::uint64_t background, int left, int top) {
  media::Image frame = textured_picture(480, 270, background);
  paste(frame, face_patch(), left, top);
  return frame;
}

media::Rectangle box_at(int left, int top) {
  return {left + 30.0, top + 35.0, 100, 100};
}

TEST(FaceTracker, RefusesImpossibleOptionsAndFrames) {
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("face limit"),
               [] { FaceTracker tracker({.face_limit = 0}); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("negative"),
               [] { FaceTracker tracker({.bridge_s = -1}); });
  expect_error(ErrorKind::kNotFound, HasSubstr("nowhere.dat"),
               [] { FaceTracker tracker({.landmark_model = "/nowhere.dat"}); });
  FaceTracker tracker({});
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("empty"), [&] { (void)tracker.push({}, 0); });
  (void)tracker.push(textured_picture(200, 200, 1), 1);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("goes back"),
               [&] { (void)tracker.push(textured_picture(200, 200, 1), 0.5); });
}

TEST(FaceTracker, FollowsAMovingFaceUnderOneId) {
  FERV_REQUIRE_SHARED();
  FaceTracker tracker({});
  for (int i = 0; i < 40; ++i) {
    const int left = 10 + 7 * i, top = 20 + i;
    const auto faces = tracker.push(frame_with_face(1, left, top), i * kFrameS).faces;
    ASSERT_EQ(faces.size(), 1U) << i;
    EXPECT_EQ(faces[0].id, 1);
    EXPECT_GT(overlap(faces[0].box, box_at(left, top)), 0.45) << i;
  }
}

TEST(FaceTracker, CarriesAFaceThroughAShortOcclusionAndSaysSo) {
  FERV_REQUIRE_SHARED();
  FaceTracker tracker({});
  const media::Image hand = textured_picture(120, 40, 77);
  for (int i = 0; i < 30; ++i) {
    media::Image frame = frame_with_face(1, 100, 60);
    const bool is_covered = i >= 12 && i < 18;
    if (is_covered) paste(frame, hand, 118, 60 + 40);
    const auto faces = tracker.push(frame, i * kFrameS).faces;
    ASSERT_EQ(faces.size(), 1U) << i;
    EXPECT_EQ(faces[0].id, 1) << i;
    EXPECT_EQ(faces[0].origin, is_covered ? FaceOrigin::kTracked : FaceOrigin::kDetected) << i;
  }
}

TEST(FaceTracker, GivesUpAFaceThatIsGone) {
  FERV_REQUIRE_SHARED();
  FaceTracker tracker({});
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(tracker.push(frame_with_face(1, 100, 60), i * kFrameS).faces.size(), 1U);
  int lingering = 0;
  for (int i = 10; i < 40; ++i)
    lingering += static_cast<int>(tracker.push(textured_picture(480, 270, 1), i * kFrameS).faces.size());
  EXPECT_LE(lingering, 1) << "the place where it was does not look like it";
  const auto back = tracker.push(frame_with_face(1, 100, 60), 41 * kFrameS).faces;
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].id, 2) << "an id is never given twice";
}

TEST(FaceTracker, EndsEveryTrackAtACut) {
  FERV_REQUIRE_SHARED();
  FaceTracker tracker({});
  for (int i = 0; i < 5; ++i) (void)tracker.push(frame_with_face(1, 100, 60), i * kFrameS);
  // The new shot shows the face in the same place: only the cut tells that it may be another person.
  const FrameFaces next = tracker.push(frame_with_face(9, 100, 60), 5 * kFrameS);
  EXPECT_TRUE(next.shot_changed);
  ASSERT_EQ(next.faces.size(), 1U);
  EXPECT_EQ(next.faces[0].id, 2);
  EXPECT_EQ(next.faces[0].origin, FaceOrigin::kDetected);
}

TEST(FaceTracker, FollowsSeveralFacesWithDistinctSteadyIds) {
  FERV_REQUIRE_SHARED();
  FaceTracker tracker({.face_limit = 3});
  std::set<int> ids;
  for (int i = 0; i < 25; ++i) {
    media::Image frame = frame_with_face(1, 5, 20 + i);
    paste(frame, face_patch(), 310, 100 - i);
    const auto faces = tracker.push(frame, i * kFrameS).faces;
    ASSERT_EQ(faces.size(), 2U) << i;
    for (const Face& face : faces) {
      ids.insert(face.id);
      const bool is_left = face.box.left < 200;
      EXPECT_GT(overlap(face.box, is_left ? box_at(5, 20 + i) : box_at(310, 100 - i)), 0.45) << i;
    }
  }
  EXPECT_EQ(ids.size(), 2U);
}

/// Sees a face wherever the picture is red: a detector as a user would write one.
class RedFinder : public FaceFinder {
 public:
  std::vector<Detection> detect(const media::Image& image) override {
    int left = image.width_px, right = -1, top = image.height_px, bottom = -1;
    for (int y = 0; y < image.height_px; ++y) {
      for (int x = 0; x < image.width_px; ++x) {
        if (image.row(y)[3 * x] < 250) continue;
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
    }
    if (right < 0) return {};
    return {{{left * 1.0, top * 1.0, right - left + 1.0, bottom - top + 1.0}, 2.0}};
  }
};

TEST(FaceTracker, FollowsWhatADetectorOfTheUsersFinds) {
  FaceTracker tracker({}, std::make_unique<RedFinder>());
  media::Image red(60, 60);
  for (std::size_t i = 0; i < red.pixels.size(); i += 3) red.pixels[i] = 255;
  for (int i = 0; i < 20; ++i) {
    media::Image frame(320, 200);
    paste(frame, red, 20 + 8 * i, 50);
    const auto faces = tracker.push(frame, i * kFrameS).faces;
    ASSERT_EQ(faces.size(), 1U) << i;
    EXPECT_EQ(faces[0].id, 1);
    EXPECT_EQ(faces[0].origin, FaceOrigin::kDetected) << "found near where it was, too";
    EXPECT_EQ(faces[0].confidence, 2.0);
  }
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("no detector"),
               [] { FaceTracker without({}, nullptr); });
}

TEST(FaceTracker, ResetBeginsAnotherFilm) {
  FERV_REQUIRE_SHARED();
  FaceTracker tracker({});
  (void)tracker.push(frame_with_face(1, 100, 60), 7);
  tracker.reset();
  const FrameFaces first = tracker.push(frame_with_face(9, 10, 10), 0);
  EXPECT_FALSE(first.shot_changed);
  ASSERT_EQ(first.faces.size(), 1U);
  EXPECT_EQ(first.faces[0].id, 1);
}

/// Frames of a film with and without a face, as a person sees them.
struct Truth {
  const char* film;
  int frame_count;
  int faces_end;  ///< frames [0, faces_end) show one face, the rest none
};

class SampleFilms : public testing::TestWithParam<Truth> {};

TEST_P(SampleFilms, TheFaceIsFoundWhereThereIsOneAndNowhereElse) {
  FERV_REQUIRE_SHARED();
  const Truth& truth = GetParam();
  const auto source = media::open_video_source(test::shared_folder() / "samples" / truth.film);
  FaceTracker tracker({});
  int count = 0;
  for (media::VideoFrame frame; source->read(frame); ++count) {
    const auto faces = tracker.push(frame.image, frame.timestamp_s).faces;
    ASSERT_EQ(faces.size(), frame.index < truth.faces_end ? 1U : 0U)
        << truth.film << " frame " << frame.index;
    if (!faces.empty()) {
      EXPECT_EQ(faces[0].id, 1) << "one person, one shot: frame " << frame.index;
    }
  }
  EXPECT_EQ(count, truth.frame_count);
}

// Looked at frame by frame: the woman is in all of the first film, her face half covered by a hand in frames
// 60 to 160; the second shows a man until frame 71, one black frame, then a drawn sky with a title.
INSTANTIATE_TEST_SUITE_P(Samples, SampleFilms,
                         testing::Values(Truth{"WolfgangLanger_Pexels.mp4", 472, 472},
                                         Truth{"face_noface.mov", 169, 72}));

}  // namespace
}  // namespace ferv::face
