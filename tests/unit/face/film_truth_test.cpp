// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/random.h"
#include "ferv/face/tracking_score.h"
#include "ferv/synth/films.h"
#include "matchers.h"

namespace ferv::face {
namespace {

using testing::HasSubstr;

/// What synth writes is what is read here.
std::string small_table() {
  synth::FilmFrame frame;
  std::string text = synth::film_truth_header() + synth::film_truth_lines(frame);
  frame.index = 1;
  frame.timestamp_s = 0.0411;
  frame.shot = 1;
  frame.faces = {{3, {1.5, -2, 90, 91}, 1, synth::Expression::kHappy, 0.5},
                 {4, {200, 20, 80, 80}, 0.25, synth::Expression::kSad, 0}};
  return text + synth::film_truth_lines(frame);
}

TEST(FilmTruth, IsReadAsSynthWritesIt) {
  const auto frames = parse_film_truth(small_table(), "film.csv");
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_TRUE(frames[0].faces.empty());
  EXPECT_EQ(frames[1].shot, 1);
  EXPECT_DOUBLE_EQ(frames[1].timestamp_s, 0.0411);
  ASSERT_EQ(frames[1].faces.size(), 2U);
  EXPECT_EQ(frames[1].faces[0].identity, 3);
  EXPECT_DOUBLE_EQ(frames[1].faces[0].box.top, -2);
  EXPECT_DOUBLE_EQ(frames[1].faces[0].box.height, 91);
  EXPECT_DOUBLE_EQ(frames[1].faces[1].visible, 0.25);
}

TEST(FilmTruth, RefusesWhatIsNoTableWithItsLine) {
  const std::string header = synth::film_truth_header();
  const auto expect = [&](const std::string& text, const char* message) {
    test::expect_error(ErrorKind::kCorruptData, testing::AllOf(HasSubstr("film.csv"), HasSubstr(message)),
                       [&] { (void)parse_film_truth(text, "film.csv"); });
  };
  expect("", "holds no frames");
  expect("a,b\n1,2\n", "line 1: wanted the header");
  expect(header + "0,0\n", "line 2: has 2 fields");
  expect(header + "0,x,0,,,,,,,,\n", "field 2 is no number");
  expect(header + "0,0,0.5,,,,,,,,\n", "field 3 is no whole number");
  expect(header + "1,0,0,,,,,,,,\n", "is of frame 1, wanted 0");
  expect(header + "0,1,0,,,,,,,,\n1,0.5,0,,,,,,,,\n", "line 3: goes back");
  expect(header + "0,0,0,1,0,0,nan,9,1,Sad,0\n", "field 7");
  test::expect_error(ErrorKind::kNotFound, HasSubstr("nowhere.csv"),
                     [] { (void)read_film_truth("/nowhere.csv"); });
}

TEST(FilmTruth, NeverCrashesItsReaderWhenMutated) {
  const std::string good = small_table();
  Random random(5);
  for (int round = 0; round < 1000; ++round) {
    std::string text = good;
    for (auto changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
      const std::size_t place = random.below(text.size());
      if (random.chance(0.7)) {
        text[place] = random.chance(0.5) ? ",.-9\n\"e0"[random.below(8)] : static_cast<char>(random.next());
      } else {
        text.erase(place, 1 + random.below(10));
      }
    }
    try {
      for (const TrueFrame& frame : parse_film_truth(text, "film.csv")) {
        for (const TrueFace& face : frame.faces) EXPECT_TRUE(face.visible >= 0 && face.visible <= 1);
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData) << error.what();
    }
  }
}

}  // namespace
}  // namespace ferv::face
