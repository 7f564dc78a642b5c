// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_stream.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "film_of_two.h"
#include "matchers.h"

namespace ferv::inference {
namespace {

using test::expect_error;
using testing::HasSubstr;

/// All rows of the film of two, and how many frames they lagged behind at most.
struct Outcome {
  std::vector<TimelineRow> rows;
  std::int64_t longest_lag = 0;
};

Outcome run(FilmStream& stream) {
  Outcome outcome;
  for (int i = 0; i < test::kFilmFrames; ++i) {
    for (TimelineRow& row : stream.push(test::frame_of_two(i), i * test::kFilmFrameS))
      outcome.rows.push_back(std::move(row));
    const std::int64_t last = outcome.rows.empty() ? -1 : outcome.rows.back().frame;
    outcome.longest_lag = std::max(outcome.longest_lag, i - last);
  }
  for (TimelineRow& row : stream.finish()) outcome.rows.push_back(std::move(row));
  return outcome;
}

/// Of a stream that nothing was done with before.
const Outcome& fresh_outcome() {
  static const Outcome outcome = [] {
    FilmStream stream(test::model_of_two().window, test::stream_options());
    return run(stream);
  }();
  return outcome;
}

TEST(FilmStream, GivesEveryPersonATimelineOfItsOwn) {
  const Outcome& outcome = fresh_outcome();
  std::map<int, std::vector<const TimelineRow*>> of;
  for (const TimelineRow& row : outcome.rows) of[row.face_id].push_back(&row);
  ASSERT_EQ(of.size(), 2U) << "two persons, and no frame without one";
  ASSERT_EQ(of[1].size(), static_cast<std::size_t>(test::kFilmFrames));
  for (const TimelineRow* row : of[1]) EXPECT_EQ(row->label, 0) << row->frame;
  for (const TimelineRow* row : of[2]) {
    EXPECT_EQ(row->label, 1) << row->frame;
    EXPECT_NEAR(row->box.left + row->box.width / 2, test::left_of(2, 0) + test::kFaceSide / 2.0, 25);
  }
  // The whole frame is searched every 0.4 s; a face that left is followed for at most half a second.
  EXPECT_LE(of[2].front()->frame, test::kSecondBegin + 10);
  EXPECT_GE(of[2].front()->frame, test::kSecondBegin);
  EXPECT_GE(of[2].back()->frame, test::kSecondEnd - 1);
  EXPECT_LT(outcome.longest_lag, test::kFilmFrames) << "rows come while the film is running";
}

TEST(FilmStream, ShowsAModelTheShareOfTheFaceThatItWants) {
  // Of the first window's first frame, once at 64 px and once the middle half of it at 32 px.
  const auto first_picture = [](int size_px, double test_crop) {
    FilmModel model = test::model_of_two();
    std::vector<std::uint8_t> seen;
    model.window.spec.height_px = model.window.spec.width_px = size_px;
    model.window.test_crop = test_crop;
    model.window.predict = [&](std::span<const std::uint8_t> pixels, std::size_t count) {
      if (seen.empty()) seen.assign(pixels.begin(), pixels.begin() + std::ptrdiff_t{size_px} * size_px * 3);
      return std::vector<double>(count * 3, 1.0 / 3);
    };
    FilmStream stream(model.window, test::stream_options());
    (void)run(stream);
    return seen;
  };
  const auto whole = first_picture(64, 1), middle = first_picture(32, 0.5);
  ASSERT_EQ(middle.size(), 32U * 32 * 3);
  double difference = 0;
  for (std::size_t y = 0; y < 32; ++y) {
    for (std::size_t i = 0; i < 96; ++i)
      difference += std::abs(static_cast<double>(middle[y * 96 + i]) - whole[(y + 16) * 192 + 48 + i]);
  }
  EXPECT_LT(difference / static_cast<double>(middle.size()), 2) << "levels a value";
}

TEST(FilmStream, GivesRowsInOrderOfFramesThenOfFaces) {
  const Outcome& outcome = fresh_outcome();
  const auto key = [](const TimelineRow& row) { return std::pair(row.frame, row.face_id); };
  for (std::size_t i = 1; i < outcome.rows.size(); ++i)
    EXPECT_LT(key(outcome.rows[i - 1]), key(outcome.rows[i]));
  EXPECT_EQ(outcome.rows.back().frame, test::kFilmFrames - 1);
}

TEST(FilmStream, FollowsTheLargestAloneWhereOneFaceIsWanted) {
  StreamOptions options = test::stream_options();
  options.tracker.face_limit = 1;
  FilmStream stream(test::model_of_two().window, options);
  const Outcome outcome = run(stream);
  EXPECT_EQ(outcome.rows.size(), static_cast<std::size_t>(test::kFilmFrames)) << "one row a frame";
}

TEST(FilmStream, BeginsAnotherFilmAfterTheFirstAndAfterAReset) {
  FilmStream stream(test::model_of_two().window, test::stream_options());
  const auto text_of = [](const Outcome& outcome) {
    std::string text;
    for (const TimelineRow& row : outcome.rows) text += timeline_line(row, {"Happy", "Sad", "Neutral"});
    return text;
  };
  for (int i = 0; i < 5; ++i) (void)stream.push(test::frame_of_two(i), i * test::kFilmFrameS);
  (void)stream.finish();
  EXPECT_GT(stream.times().face_s, 0);
  (void)stream.push(test::frame_of_two(3), 17);
  stream.reset();
  EXPECT_EQ(text_of(run(stream)), text_of(fresh_outcome()));
}

TEST(FilmStream, RefusesFramesThatNoFilmHas) {
  FilmStream stream(test::model_of_two().window, test::stream_options());
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("empty"), [&] { (void)stream.push({}, 0); });
  (void)stream.push(test::frame_of_two(0), 1);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("goes back"),
               [&] { (void)stream.push(test::frame_of_two(1), 0.5); });
  EXPECT_EQ(FilmStream(test::model_of_two().window, {}).finish().size(), 0U);
}

}  // namespace
}  // namespace ferv::inference
