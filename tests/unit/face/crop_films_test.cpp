// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/crop_films.h"

#include <atomic>
#include <fstream>

#include "ferv/base/files.h"
#include "ferv/data/check.h"
#include "ferv/data/data_set.h"
#include "ferv/data/labels.h"
#include "ferv/face/landmarks.h"
#include "ferv/media/jpeg.h"
#include "ferv/synth/dataset_writer.h"
#include "film_writer.h"
#include "matchers.h"

namespace ferv::face {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

/// Raw clips of a small synthetic release with the list of what is in it, made once: War/Sad and War/Fear,
/// two clips each.
const fs::path& raw_clips() {
  static const test::TemporaryFolder folder;
  static const fs::path path = [] {
    write_file_atomically(
        folder / "counts.csv",
        std::string_view("scenario,scene,class,train,test\nx,Interview,Sad,1,1\nx,Interview,Fear,1,1\n"));
    synth::SynthOptions options;
    options.folder = folder / "release";
    options.counts_file = folder / "counts.csv";
    options.scenes = {"Interview"};
    options.write_scene_frames = false;
    options.film_opener = test::film_opener();
    EXPECT_TRUE(synth::write_data_set(options, {}).complete);
    return folder / "release/0_7_LabelClips";
  }();
  return path;
}

CropFilmsOptions options_for(const fs::path& out) {
  CropFilmsOptions options;
  options.inputs = {raw_clips()};
  options.out = out;
  const auto names = data::expression_names();
  options.classes.assign(names.begin(), names.end());
  return options;
}

TEST(CropFilms, MakesADataSetThatIsReadBackWithNothingWrong) {
  const test::TemporaryFolder folder;
  const CropFilmsSummary summary = crop_films(options_for(folder / "out"), {});
  ASSERT_TRUE(summary.complete);
  ASSERT_EQ(summary.count(CropStatus::kWritten), 4U);
  const data::ClipIndex index = data::read_data_set(folder / "out", {});
  const data::ClipIndex release = data::read_data_set(raw_clips().parent_path(), {});
  EXPECT_EQ(index.layout, "ferv39k");
  ASSERT_EQ(index.clips.size(), 4U);
  EXPECT_EQ(data::clips_of(index, data::Split::kTest).size(), 2U)
      << "a fifth of two, rounded up, in both cells";
  std::map<std::string, int> frames_of_release;
  for (const data::Clip& clip : release.clips) frames_of_release[clip.id] = clip.frame_count;
  for (const data::Clip& clip : index.clips) {
    EXPECT_EQ(clip.frame_count, frames_of_release[clip.id]) << clip.id;
    EXPECT_TRUE(clip.frame_names.empty()) << "named 00.jpg, 01.jpg ...";
    const media::Image face = media::read_picture(data::frame_path(index.face_folder, clip, 3));
    EXPECT_EQ(face.width_px, 224);
    EXPECT_EQ(face.height_px, 224);
    const media::Image scene = media::read_picture(data::frame_path(index.scene_folder, clip, 3));
    EXPECT_EQ(scene.width_px, 400);
    EXPECT_EQ(scene.height_px, 300);
  }
  const std::string report = read_text_file(folder / "out/face_crop.csv");
  EXPECT_THAT(report, HasSubstr("Interview/Sad/0001,"));
  EXPECT_EQ(std::count(report.begin(), report.end(), '\n'), 5);
}

TEST(CropFilms, KeepsWhatIsCompleteAndMakesTheRestAnew) {
  const test::TemporaryFolder folder;
  CropFilmsOptions options = options_for(folder / "out");
  options.write_scene_frames = false;
  options.inputs = {raw_clips() / "Interview/Sad"};
  (void)crop_films(options, {});
  const fs::path clip = folder / "out/2_ClipsforFaceCrop/Interview/Sad/0000";
  const auto before = read_file(clip / "02.jpg");
  EXPECT_EQ(crop_films(options, {}).kept, 2U);
  fs::resize_file(clip / "02.jpg", before.size() / 2);
  EXPECT_EQ(crop_films(options, {}).kept, 1U);
  EXPECT_EQ(read_file(clip / "02.jpg"), before);
  EXPECT_FALSE(fs::exists(folder / "out/3_ClipsforScenImages"));

  options.no_face = NoFacePolicy::kDrop;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("no_face \"repeat\", wanted \"drop\""),
                     [&] { (void)crop_films(options, {}); });
}

TEST(CropFilms, StopsBetweenClipsAndGoesOn) {
  const test::TemporaryFolder folder;
  CropFilmsOptions options = options_for(folder / "out");
  options.threads = 1;
  options.write_scene_frames = false;
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  observer.progress_sink = [&](const ProgressEvent&) { stop = true; };
  const CropFilmsSummary first = crop_films(options, observer);
  EXPECT_FALSE(first.complete);
  EXPECT_EQ(first.clips.size(), 1U);
  EXPECT_FALSE(fs::exists(folder / "out/4_setups"));
  const CropFilmsSummary second = crop_films(options, {});
  EXPECT_TRUE(second.complete);
  EXPECT_EQ(second.kept, 1U);
  EXPECT_FALSE(fs::exists(folder / "out/.face_crop/.unfinished"));
}

TEST(CropFilms, MakesARowOfWhatCannotBeReadAndOfWhatShowsNobody) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "raw/War/Sad/text.mp4", std::string_view("not a film"));
  media::VideoWriter writer(folder / "raw/War/Sad/wall.mp4", {.width_px = 320, .height_px = 240});
  for (int i = 0; i < 5; ++i) writer.write(media::Image(320, 240));
  writer.finish();
  CropFilmsOptions options = options_for(folder / "out");
  options.inputs = {folder / "raw"};
  const CropFilmsSummary summary = crop_films(options, {});
  ASSERT_EQ(summary.clips.size(), 2U);
  EXPECT_EQ(summary.clips[0].status, CropStatus::kUnreadable);
  EXPECT_THAT(summary.clips[0].problem, HasSubstr("text.mp4"));
  EXPECT_EQ(summary.clips[1].status, CropStatus::kNoFace);
  EXPECT_EQ(summary.clips[1].frames_read, 5);
  EXPECT_FALSE(fs::exists(folder / "out/4_setups"));
  EXPECT_EQ(crop_films(options, {}).kept, 2U) << "what was bad is not tried again";
}

TEST(CropFilms, LevelsFacesWithLandmarks) {
  if (!fs::exists(default_landmark_model())) GTEST_SKIP() << "no landmark model on this machine";
  const test::TemporaryFolder folder;
  CropFilmsOptions options = options_for(folder / "out");
  options.inputs = {raw_clips() / "Interview/Fear"};
  options.tracker.landmark_model = default_landmark_model();
  EXPECT_EQ(crop_films(options, {}).count(CropStatus::kWritten), 2U);
}

TEST(CropFilms, TakesTheSplitThatIsKnown) {
  const test::TemporaryFolder folder;
  CropFilmsOptions options = options_for(folder / "out");
  options.write_scene_frames = false;
  options.inputs = {raw_clips() / "Interview/Sad"};
  options.is_test = {{"Interview/Sad/0000", false}, {"Interview/Sad/0001", true}};
  (void)crop_films(options, {});
  EXPECT_EQ(read_text_file(folder / "out/4_setups/All_scenes/train_All.csv"), "Interview/Sad/0000 Sad\n");
  EXPECT_EQ(read_text_file(folder / "out/4_setups/All_scenes/test_All.csv"), "Interview/Sad/0001 Sad\n");
}

TEST(CropFilms, RefusesImpossibleOptionsBeforeItWrites) {
  const test::TemporaryFolder folder;
  const auto expect = [&](ErrorKind kind, const char* message, auto change) {
    CropFilmsOptions options = options_for(folder / "never");
    change(options);
    test::expect_error(kind, HasSubstr(message), [&] { (void)crop_films(options, {}); });
    EXPECT_FALSE(fs::exists(folder / "never"));
  };
  expect(ErrorKind::kInvalidArgument, "JPEG quality", [](auto& options) { options.jpeg_quality = 0; });
  expect(ErrorKind::kInvalidArgument, "did you mean 'Happy'", [](auto& options) { options.label = "Hapy"; });
  expect(ErrorKind::kNotFound, "nowhere", [](auto& options) { options.inputs = {"/nowhere"}; });
  expect(ErrorKind::kInvalidArgument, "no film or folder", [](auto& options) { options.inputs.clear(); });
  fs::create_directories(folder / "release/2_ClipsforFaceCrop");
  CropFilmsOptions options = options_for(folder / "release");
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("was not made by ferv face crop"),
                     [&] { (void)crop_films(options, {}); });
}

TEST(CropPolicies, AreKnownByName) {
  EXPECT_EQ(no_face_policy_from_name("drop"), NoFacePolicy::kDrop);
  EXPECT_EQ(face_choice_from_name(to_string(FaceChoice::kLargest)), FaceChoice::kLargest);
  EXPECT_EQ(cut_policy_from_name("keep"), CutPolicy::kKeep);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted repeat, drop, fail"),
                     [] { (void)no_face_policy_from_name("guess"); });
}

}  // namespace
}  // namespace ferv::face
