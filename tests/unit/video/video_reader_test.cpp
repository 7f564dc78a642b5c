// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/video_reader.h"

#include <sys/resource.h>

#include <cstring>
#include <fstream>
#include <numeric>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "matchers.h"
#include "numbered_film.h"

namespace ferv::media {
namespace {

using test::expect_error;
using test::number_of;
using test::numbered_picture;
using test::read_all;
using test::TemporaryFolder;
using test::write_numbered_film;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<int> counting(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

/// What is left of a 25 Hz film: rising numbers, each at its own time. Frames coded out of order may lack one
/// near the cut.
void expect_good_frames(const test::SeenFrames& seen) {
  constexpr std::size_t kReordered = 8;
  for (std::size_t i = 0; i < seen.numbers.size(); ++i) {
    EXPECT_NEAR(seen.timestamps_s[i], seen.numbers[i] / 25.0, 1e-3);
    if (i > 0) {
      EXPECT_GT(seen.numbers[i], seen.numbers[i - 1]);
    }
    if (i + kReordered < seen.numbers.size()) {
      EXPECT_EQ(seen.numbers[i], static_cast<int>(i));
    }
  }
}

std::string wave_file() {
  // 0.1 s of silence, 8 kHz, mono, 8 bit.
  const std::uint32_t samples = 800;
  std::string bytes = "RIFF";
  const auto add = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  };
  add(36 + samples, 4);
  bytes += "WAVEfmt ";
  add(16, 4), add(1, 2), add(1, 2), add(8000, 4), add(8000, 4), add(1, 2), add(8, 2);
  bytes += "data";
  add(samples, 4);
  bytes.append(samples, '\x80');
  return bytes;
}

TEST(VideoReader, GivesEveryFrameInOrderWithExactTimes) {
  const TemporaryFolder folder;
  VideoWriterOptions options;
  options.frame_rate_hz = 24000.0 / 1001;
  write_numbered_film(folder / "film.mp4", 50, options);
  VideoReader reader(folder / "film.mp4");
  const auto seen = read_all(reader);
  EXPECT_EQ(seen.numbers, counting(50));
  for (std::size_t i = 0; i < seen.timestamps_s.size(); ++i) {
    EXPECT_NEAR(seen.timestamps_s[i], static_cast<double>(i) * 1001 / 24000, 1e-4);
  }
  EXPECT_THAT(reader.warning(), IsEmpty());
}

TEST(VideoReader, TellsWhatTheHeaderSays) {
  const TemporaryFolder folder;
  VideoWriterOptions options;
  options.frame_rate_hz = 30;
  write_numbered_film(folder / "film.mp4", 45, options);
  const VideoReader reader(folder / "film.mp4");
  const VideoMetadata& metadata = reader.metadata();
  EXPECT_EQ(metadata.width_px, 96);
  EXPECT_EQ(metadata.height_px, 64);
  EXPECT_EQ(metadata.rotation_degrees, 0);
  EXPECT_EQ(metadata.frame_count_from_header, 45);
  EXPECT_NEAR(metadata.frame_rate_hz_from_header.value(), 30, 1e-6);
  EXPECT_NEAR(metadata.duration_s_from_header.value(), 1.5, 0.05);
  EXPECT_THAT(metadata.codec, AnyOf("h264", "mpeg4"));
}

TEST(VideoReader, KeepsVariableFrameTimes) {
  const TemporaryFolder folder;
  const std::vector<double> times = {0, 0.04, 0.05, 0.5, 0.51, 2.0, 2.0334, 10.0};
  VideoWriterOptions options{.width_px = 96, .height_px = 64, .variable_frame_rate = true};
  VideoWriter writer(folder / "film.mp4", options);
  for (std::size_t i = 0; i < times.size(); ++i)
    writer.write_at(numbered_picture(static_cast<int>(i), 96, 64), times[i]);
  writer.finish();
  VideoReader reader(folder / "film.mp4");
  const auto seen = read_all(reader);
  EXPECT_EQ(seen.numbers, counting(static_cast<int>(times.size())));
  ASSERT_EQ(seen.timestamps_s.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(seen.timestamps_s[i], times[i], 1e-4);
}

class VideoReaderRotation : public testing::TestWithParam<int> {};

TEST_P(VideoReaderRotation, TurnsFramesAsTheFileAsks) {
  const int degrees = GetParam();
  const TemporaryFolder folder;
  VideoWriterOptions options;
  options.rotation_degrees = degrees;
  write_numbered_film(folder / "film.mp4", 6, options);
  VideoReader reader(folder / "film.mp4");
  const bool lies_on_its_side = degrees % 180 != 0;
  EXPECT_EQ(reader.metadata().rotation_degrees, degrees);
  EXPECT_EQ(reader.metadata().width_px, lies_on_its_side ? 64 : 96);
  VideoFrame frame;
  for (int number = 0; number < 6; ++number) {
    ASSERT_TRUE(reader.read(frame));
    ASSERT_EQ(frame.image.width_px, lies_on_its_side ? 64 : 96);
    // Turn it back by hand and read the number: clockwise by d, so stored (x, y) is found at ...
    Image upright(96, 64);
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 96; ++x) {
        const int shown_x = degrees == 0 ? x : degrees == 90 ? 63 - y : degrees == 180 ? 95 - x : y;
        const int shown_y = degrees == 0 ? y : degrees == 90 ? x : degrees == 180 ? 63 - y : 95 - x;
        std::memcpy(upright.row(y) + 3 * x, frame.image.row(shown_y) + 3 * shown_x, 3);
      }
    }
    EXPECT_EQ(number_of(upright), number);
  }
}

INSTANTIATE_TEST_SUITE_P(QuarterTurns, VideoReaderRotation, testing::Values(0, 90, 180, 270));

TEST(VideoReader, KeepsOddSizes) {
  const TemporaryFolder folder;
  for (const auto& [width, height] : {std::pair{97, 65}, std::pair{98, 63}, std::pair{33, 64}}) {
    VideoWriterOptions options;
    options.width_px = width;
    options.height_px = height;
    write_numbered_film(folder / "film.mkv", 5, options);
    VideoReader reader(folder / "film.mkv");
    VideoFrame frame;
    ASSERT_TRUE(reader.read(frame));
    EXPECT_EQ(frame.image.width_px, width);
    EXPECT_EQ(frame.image.height_px, height);
    EXPECT_EQ(frame.image.pixels.size(),
              static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    EXPECT_EQ(number_of(frame.image), 0);
  }
}

TEST(VideoReader, KeepsColours) {
  const TemporaryFolder folder;
  VideoWriter writer(folder / "film.mp4", {.width_px = 64, .height_px = 64, .quality = 5});
  Image image(64, 64);
  const std::uint8_t colour[3] = {200, 60, 30};
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = colour[i % 3];
  writer.write(image);
  writer.finish();
  VideoReader reader(folder / "film.mp4");
  VideoFrame frame;
  ASSERT_TRUE(reader.read(frame));
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(frame.image.row(32)[3 * 32 + c], colour[c], 6) << "channel " << c;
}

TEST(VideoReader, GivesTheGoodFramesOfATruncatedFilmAndSaysSo) {
  const TemporaryFolder folder;
  // Matroska is written front to back, so a cut file still has its header.
  write_numbered_film(folder / "film.mkv", 120, {.keyframe_interval = 10});
  const auto size = std::filesystem::file_size(folder / "film.mkv");
  std::filesystem::resize_file(folder / "film.mkv", size * 2 / 3);
  VideoReader reader(folder / "film.mkv");
  const auto seen = read_all(reader);
  EXPECT_GT(seen.numbers.size(), 40U);
  EXPECT_LT(seen.numbers.size(), 120U);
  expect_good_frames(seen);
  EXPECT_THAT(reader.warning(), Not(IsEmpty()));
}

TEST(VideoReader, ReportsATruncatedTailAfterAWholeIndex) {
  const TemporaryFolder folder;
  write_numbered_film(folder / "film.mp4", 120, {.keyframe_interval = 10});
  // Moves the index of an MP4 to the front and cuts the pictures: what an interrupted download looks like.
  const auto bytes = read_file(folder / "film.mp4");
  const std::string text(bytes.begin(), bytes.end());
  const auto index_at = text.rfind("moov") - 4;
  const auto pictures_at = text.find("mdat") - 4;
  ASSERT_LT(pictures_at, index_at);
  std::string index = text.substr(index_at);
  // Chunk offsets grow by the size of the index that now stands before the pictures.
  const auto table = index.find("stco");
  ASSERT_NE(table, std::string::npos);
  const auto number_at = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(index[at + i]);
    return value;
  };
  const std::uint32_t count = number_at(table + 8);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = table + 12 + 4 * i;
    const std::uint32_t moved = number_at(at) + static_cast<std::uint32_t>(index.size());
    for (std::size_t k = 0; k < 4; ++k) index[at + k] = static_cast<char>(moved >> (24 - 8 * k) & 0xff);
  }
  std::string moved = text.substr(0, pictures_at) + index + text.substr(pictures_at, index_at - pictures_at);
  write_file_atomically(folder / "whole.mp4", moved);
  VideoReader whole(folder / "whole.mp4");
  EXPECT_EQ(read_all(whole).numbers, counting(120));
  EXPECT_THAT(whole.warning(), IsEmpty());

  moved.resize(moved.size() - (index_at - pictures_at) / 2);
  write_file_atomically(folder / "cut.mp4", moved);
  VideoReader cut(folder / "cut.mp4");
  const auto seen = read_all(cut);
  EXPECT_GT(seen.numbers.size(), 20U);
  EXPECT_LT(seen.numbers.size(), 110U);
  expect_good_frames(seen);
  EXPECT_THAT(cut.warning(), HasSubstr("truncated"));
  EXPECT_THAT(cut.warning(), HasSubstr("of 120"));
}

TEST(VideoReader, RefusesWhatIsNoFilm) {
  const TemporaryFolder folder;
  expect_error(ErrorKind::kNotFound, HasSubstr("nowhere.mp4"),
               [&] { VideoReader reader(folder / "nowhere.mp4"); });
  write_file_atomically(folder / "text.mp4",
                        std::string_view("Dear diary, today I learned about containers.\n"));
  expect_error(ErrorKind::kCorruptData, HasSubstr("text.mp4"),
               [&] { VideoReader reader(folder / "text.mp4"); });
  write_file_atomically(folder / "empty.mp4", std::string_view(""));
  expect_error(ErrorKind::kCorruptData, HasSubstr("empty.mp4"),
               [&] { VideoReader reader(folder / "empty.mp4"); });
  write_file_atomically(folder / "sound.mp4", wave_file());
  expect_error(ErrorKind::kCorruptData, HasSubstr("has no video stream"),
               [&] { VideoReader reader(folder / "sound.mp4"); });
  expect_error(ErrorKind::kCorruptData, HasSubstr("not a plain file"),
               [&] { VideoReader reader(folder.path()); });
}

TEST(VideoReader, FollowsNoPlaylistsOrAddresses) {
  const TemporaryFolder folder;
  write_numbered_film(folder / "film.mp4", 5, {});
  const std::string path = (folder / "film.mp4").string();
  write_file_atomically(folder / "list.mp4", "ffconcat version 1.0\nfile '" + path + "'\n");
  expect_error(ErrorKind::kCorruptData, HasSubstr("list.mp4"),
               [&] { VideoReader reader(folder / "list.mp4"); });
  write_file_atomically(folder / "list.m3u8",
                        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + path + "\n#EXT-X-ENDLIST\n");
  expect_error(ErrorKind::kCorruptData, HasSubstr("list.m3u8"),
               [&] { VideoReader reader(folder / "list.m3u8"); });
  expect_error(ErrorKind::kNotFound, HasSubstr("http"),
               [] { VideoReader reader("http://127.0.0.1:1/film.mp4"); });
}

TEST(VideoReader, RefusesAFilmWithoutFrames) {
  const TemporaryFolder folder;
  write_numbered_film(folder / "film.mkv", 30, {});
  auto bytes = read_file(folder / "film.mkv");
  // Keeps the header and drops everything from the first cluster on.
  const std::uint8_t cluster[4] = {0x1f, 0x43, 0xb6, 0x75};
  const auto at = std::search(bytes.begin(), bytes.end(), std::begin(cluster), std::end(cluster));
  ASSERT_NE(at, bytes.end());
  bytes.erase(at, bytes.end());
  write_file_atomically(folder / "film.mkv", bytes);
  expect_error(ErrorKind::kCorruptData, HasSubstr("film.mkv"), [&] {
    VideoReader reader(folder / "film.mkv");
    VideoFrame frame;
    (void)reader.read(frame);
  });
}

TEST(VideoReader, SurvivesMutatedFiles) {
  const TemporaryFolder folder;
  for (const char* name : {"film.mp4", "film.mkv"}) {
    write_numbered_film(folder / name, 20, {});
    const auto original = read_file(folder / name);
    Random random(7);
    int opened = 0;
    for (int round = 0; round < 60; ++round) {
      auto bytes = original;
      for (std::uint64_t i = 0, flips = 1 + random.below(20); i < flips; ++i) {
        bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
      }
      if (random.chance(0.3)) bytes.resize(random.below(bytes.size()));
      write_file_atomically(folder / "mutant", bytes);
      try {
        VideoReader reader(folder / "mutant", {.decoder_threads = 1});
        int count = 0;
        for (VideoFrame frame; reader.read(frame); ++count)
          ASSERT_LT(count, 1000) << "more frames than were written";
        ++opened;
      } catch (const Error& error) {
        EXPECT_NE(error.kind(), ErrorKind::kInternal) << error.what();
      }
    }
    EXPECT_GT(opened, 5) << name << ": the mutations must reach the decoder too";
  }
}

TEST(VideoReader, HoldsOneFrameHoweverLongTheFilmIs) {
  const TemporaryFolder folder;
  VideoWriterOptions options;
  options.width_px = 640;
  options.height_px = 360;
  write_numbered_film(folder / "film.mp4", 600, options);  // 415 MB as RGB
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  VideoReader reader(folder / "film.mp4");
  EXPECT_EQ(read_all(reader).numbers.size(), 600U);
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 60 * 1024) << "kilobytes more at the peak";
}

TEST(VideoReader, ReadsTheSampleFilms) {
  FERV_REQUIRE_SHARED();
  VideoReader reader(test::shared_folder() / "samples/face_noface.mov");
  EXPECT_EQ(reader.metadata().codec, "hevc");
  VideoFrame frame;
  double last_s = -1;
  int count = 0;
  double longest_step_s = 0;
  for (; reader.read(frame); ++count) {
    ASSERT_GT(frame.timestamp_s, last_s);
    if (count > 0) longest_step_s = std::max(longest_step_s, frame.timestamp_s - last_s);
    last_s = frame.timestamp_s;
    ASSERT_EQ(frame.image.width_px, 960);
    ASSERT_EQ(frame.image.height_px, 540);
  }
  EXPECT_EQ(count, 169);
  EXPECT_GT(longest_step_s, 0.035) << "this film has a variable frame rate";
  EXPECT_THAT(reader.warning(), IsEmpty());
}

}  // namespace
}  // namespace ferv::media
