// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/video_writer.h"

#include "ferv/base/files.h"
#include "matchers.h"
#include "numbered_film.h"

namespace ferv::media {
namespace {

using test::expect_error;
using test::numbered_picture;
using test::TemporaryFolder;
using test::write_numbered_film;
using testing::HasSubstr;

TEST(VideoWriter, LeavesNothingBehindWithoutFinish) {
  const TemporaryFolder folder;
  {
    VideoWriter writer(folder / "film.mp4", {.width_px = 64, .height_px = 64});
    for (int i = 0; i < 60; ++i) writer.write(numbered_picture(i, 64, 64));
    EXPECT_FALSE(std::filesystem::exists(folder / "film.mp4"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(VideoWriter, KeepsTheOldFilmUntilTheNewOneIsWhole) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "film.mp4", std::string_view("old"));
  VideoWriter writer(folder / "film.mp4", {.width_px = 64, .height_px = 64});
  writer.write(numbered_picture(0, 64, 64));
  EXPECT_EQ(read_text_file(folder / "film.mp4"), "old");
  writer.finish();
  EXPECT_NE(read_text_file(folder / "film.mp4"), "old");
}

TEST(VideoWriter, GivesTheSameBytesForTheSameFrames) {
  const TemporaryFolder folder;
  write_numbered_film(folder / "a.mp4", 30, {});
  write_numbered_film(folder / "b.mp4", 30, {});
  EXPECT_EQ(read_file(folder / "a.mp4"), read_file(folder / "b.mp4"));
}

TEST(VideoWriter, MakesMissingFolders) {
  const TemporaryFolder folder;
  write_numbered_film(folder / "a/b/film.mp4", 3, {});
  EXPECT_TRUE(std::filesystem::exists(folder / "a/b/film.mp4"));
}

TEST(VideoWriter, RefusesImpossibleOptionsAndFrames) {
  const TemporaryFolder folder;
  const auto expect_refusal = [&](const char* name, const VideoWriterOptions& options, const char* text) {
    expect_error(ErrorKind::kInvalidArgument, HasSubstr(text),
                 [&] { VideoWriter writer(folder / name, options); });
  };
  expect_refusal("film.mp4", {.width_px = 0, .height_px = 64}, "width");
  expect_refusal("film.mp4", {.width_px = 64, .height_px = 100000}, "height");
  expect_refusal("film.mp4", {.width_px = 64, .height_px = 64, .frame_rate_hz = 0}, "frame rate");
  expect_refusal("film.mp4", {.width_px = 64, .height_px = 64, .rotation_degrees = 45}, "rotation");
  expect_refusal("film.txt", {.width_px = 64, .height_px = 64}, "extension");
  VideoWriter writer(folder / "film.mp4", {.width_px = 64, .height_px = 64});
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("at least one frame"), [&] { writer.finish(); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("32x32, wanted 64x64"),
               [&] { writer.write(Image(32, 32)); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("constant"),
               [&] { writer.write_at(Image(64, 64), 1); });
  VideoWriter variable(folder / "variable.mp4",
                       {.width_px = 64, .height_px = 64, .variable_frame_rate = true});
  variable.write_at(Image(64, 64), 1);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("not after"),
               [&] { variable.write_at(Image(64, 64), 1); });
}

TEST(VideoWriter, ReportsAFolderThatCannotBeWritten) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", std::string_view(""));
  expect_error(ErrorKind::kIo, HasSubstr("file"),
               [&] { VideoWriter writer(folder / "file/film.mp4", {.width_px = 64, .height_px = 64}); });
}

}  // namespace
}  // namespace ferv::media
