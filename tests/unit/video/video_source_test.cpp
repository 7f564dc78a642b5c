// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/video_source.h"

#include "ferv/base/files.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"
#include "numbered_film.h"

namespace ferv::media {
namespace {

using test::expect_error;
using test::numbered_picture;
using test::read_all;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(NaturalOrder, ComparesDigitRunsByValue) {
  EXPECT_TRUE(natural_less("2.jpg", "10.jpg"));
  EXPECT_FALSE(natural_less("10.jpg", "2.jpg"));
  EXPECT_TRUE(natural_less("frame9", "frame10"));
  EXPECT_TRUE(natural_less("a1b9", "a1b10"));
  EXPECT_TRUE(natural_less("007.png", "8.png"));
  EXPECT_TRUE(natural_less("99999999999999999999998", "99999999999999999999999"));
  EXPECT_TRUE(natural_less("a", "ab"));
  EXPECT_FALSE(natural_less("a", "a"));
}

TEST(NaturalOrder, IsStrictAndTotal) {
  const std::vector<std::string> names = {"",    "0",  "00",   "1",   "01", "1a", "a", "a0",
                                          "a00", "a1", "a01b", "a1b", "b",  "10", "9"};
  for (const auto& a : names) {
    EXPECT_FALSE(natural_less(a, a));
    for (const auto& b : names) {
      if (a != b) {
        EXPECT_NE(natural_less(a, b), natural_less(b, a)) << a << " and " << b;
      }
      for (const auto& c : names) {
        if (natural_less(a, b) && natural_less(b, c)) {
          EXPECT_TRUE(natural_less(a, c)) << a << " " << b << " " << c;
        }
      }
    }
  }
}

TEST(VideoSource, ReadsAFolderOfPicturesInNaturalOrder) {
  const TemporaryFolder folder;
  write_png(folder / "pictures/10.png", numbered_picture(10, 64, 48));
  write_file_atomically(folder / "pictures/9.JPG", encode_jpeg(numbered_picture(9, 64, 48), 90));
  write_png(folder / "pictures/1.png", numbered_picture(1, 64, 48));
  write_file_atomically(folder / "pictures/notes.txt", std::string_view("not a picture"));
  const auto source = open_video_source(folder / "pictures", {.picture_rate_hz = 10});
  EXPECT_EQ(source->metadata().frame_count_from_header, 3);
  EXPECT_EQ(source->metadata().width_px, 64);
  const auto seen = read_all(*source);
  EXPECT_THAT(seen.numbers, ElementsAre(1, 9, 10));
  EXPECT_THAT(seen.timestamps_s, ElementsAre(0, 0.1, 0.2));
}

TEST(VideoSource, ReadsOnePictureWhateverItsName) {
  const TemporaryFolder folder;
  write_png(folder / "photo.mp4", numbered_picture(77, 64, 48));
  const auto source = open_video_source(folder / "photo.mp4");
  EXPECT_EQ(source->metadata().format, "picture");
  const auto seen = read_all(*source);
  EXPECT_THAT(seen.numbers, ElementsAre(77));
  EXPECT_THAT(seen.timestamps_s, ElementsAre(0));
}

TEST(VideoSource, ReadsAFilm) {
  const TemporaryFolder folder;
  test::write_numbered_film(folder / "film.mp4", 7, {});
  EXPECT_THAT(read_all(*open_video_source(folder / "film.mp4")).numbers, ElementsAre(0, 1, 2, 3, 4, 5, 6));
}

TEST(VideoSource, NamesWhatItCannotRead) {
  const TemporaryFolder folder;
  expect_error(ErrorKind::kNotFound, HasSubstr("nowhere"),
               [&] { (void)open_video_source(folder / "nowhere"); });
  make_folder(folder / "empty");
  expect_error(ErrorKind::kCorruptData, HasSubstr("no picture"),
               [&] { (void)open_video_source(folder / "empty"); });
  write_png(folder / "mixed/1.png", numbered_picture(1, 64, 48));
  write_file_atomically(folder / "mixed/2.png", std::string_view("\x89PNG damaged"));
  const auto source = open_video_source(folder / "mixed");
  VideoFrame frame;
  EXPECT_TRUE(source->read(frame));
  expect_error(ErrorKind::kCorruptData, HasSubstr("2.png"), [&] { (void)source->read(frame); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("rate"),
               [&] { (void)open_video_source(folder / "mixed", {.picture_rate_hz = 0}); });
}

}  // namespace
}  // namespace ferv::media
