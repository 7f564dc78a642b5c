// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/timeline_builder.h"

#include <cmath>
#include <map>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::inference {
namespace {

using test::expect_error;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kFrameS = 0.04;
constexpr std::size_t kClassCount = 3;

/// A crop of one pixel that holds the number of its frame.
media::Image crop_of(std::int64_t frame) {
  media::Image crop(1, 1);
  for (std::size_t c = 0; c < 3; ++c) crop.pixels[c] = static_cast<std::uint8_t>(frame >> (8 * c) & 0xff);
  return crop;
}

CroppedFace cropped_face(int id, std::int64_t frame) {
  CroppedFace face{{}, crop_of(frame)};
  face.face.id = id;
  return face;
}

std::int64_t frame_of(const std::uint8_t* pixel) {
  return pixel[0] | pixel[1] << 8 | pixel[2] << 16;
}

/// What the stand-in for a model says of the frames that it is shown.
std::vector<double> opinion(const std::vector<std::int64_t>& shown) {
  double sum = 0;
  for (const std::int64_t frame : shown) sum += static_cast<double>(frame);
  const double a = 0.5 + 0.4 * std::sin(sum), b = (1 - a) * (0.5 + 0.5 * std::cos(sum));
  return {a, b, 1 - a - b};
}

/// A frame of a made film.
struct Step {
  double timestamp_s = 0;
  int face_id = 0;
  bool cut = false;
};

struct Outcome {
  std::vector<TimelineRow> rows;
  std::map<std::int64_t, int> looks;  ///< by a model that looks at frames one by one: how often at each
  std::vector<std::vector<std::int64_t>> windows;  ///< frames shown, window by window
  std::size_t most_pending = 0;
};

/// Makes the stand-in one that looks at frames one by one: what it finds is the frame's number.
void make_framewise(WindowModel& model, Outcome& outcome) {
  model.frame_features = [&outcome](std::span<const std::uint8_t> pixels, std::size_t count) {
    EXPECT_EQ(pixels.size(), count * 3);
    std::vector<float> features;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t frame = frame_of(pixels.data() + 3 * i);
      ++outcome.looks[frame];
      features.push_back(static_cast<float>(frame));
      features.push_back(-1);
    }
    return features;
  };
  const auto shown = static_cast<std::size_t>(model.spec.frame_count);
  model.predict_features = [shown](std::span<const float> features, std::size_t count) {
    EXPECT_EQ(features.size(), count * shown * 2);
    std::vector<double> answers;
    for (std::size_t w = 0; w < count; ++w) {
      std::vector<std::int64_t> frames;
      for (std::size_t t = 0; t < shown; ++t)
        frames.push_back(static_cast<std::int64_t>(features[2 * (w * shown + t)]));
      const auto answer = opinion(frames);
      answers.insert(answers.end(), answer.begin(), answer.end());
    }
    return answers;
  };
}

Outcome run(const std::vector<Step>& film, const WindowOptions& options, data::SamplingOptions sampling = {},
            bool framewise = false) {
  Outcome outcome;
  WindowModel model;
  model.spec.frame_count = sampling.segment_count * sampling.frames_per_segment;
  model.spec.height_px = model.spec.width_px = 1;
  model.sampling = sampling;
  model.class_count = kClassCount;
  const auto frames_shown = static_cast<std::size_t>(model.spec.frame_count);
  model.predict = [&outcome, frames_shown](std::span<const std::uint8_t> pixels, std::size_t count) {
    EXPECT_EQ(pixels.size(), count * frames_shown * 3);
    std::vector<double> answers;
    for (std::size_t w = 0; w < count; ++w) {
      std::vector<std::int64_t> shown;
      for (std::size_t t = 0; t < frames_shown; ++t)
        shown.push_back(frame_of(pixels.data() + (w * frames_shown + t) * 3));
      const auto answer = opinion(shown);
      answers.insert(answers.end(), answer.begin(), answer.end());
      outcome.windows.push_back(std::move(shown));
    }
    return answers;
  };
  if (framewise) make_framewise(model, outcome);
  TimelineBuilder builder(std::move(model), options,
                          [&](const TimelineRow& row) { outcome.rows.push_back(row); });
  for (std::size_t i = 0; i < film.size(); ++i) {
    FrameInput input{static_cast<std::int64_t>(i), film[i].timestamp_s, {}, film[i].cut};
    if (film[i].face_id != 0) input.faces.push_back(cropped_face(film[i].face_id, input.frame));
    builder.push(std::move(input));
    outcome.most_pending = std::max(outcome.most_pending, i + 1 - outcome.rows.size());
  }
  builder.finish();
  return outcome;
}

std::vector<Step> steady_film(int frame_count) {
  std::vector<Step> film;
  for (int i = 0; i < frame_count; ++i) film.push_back({i * kFrameS, 1, false});
  return film;
}

/// Runs, gaps, cuts and uneven steps.
std::vector<Step> random_film(std::uint64_t seed) {
  Random random(seed);
  std::vector<Step> film;
  double time = random.uniform(0, 5);
  int face = 1;
  for (std::uint64_t i = 0, count = 30 + random.below(300); i < count; ++i) {
    Step step{time, face, false};
    if (random.chance(0.02)) face = face == 0 ? static_cast<int>(1 + random.below(3)) : 0;
    if (random.chance(0.01)) step.cut = true;
    film.push_back(step);
    time += random.chance(0.1) ? random.uniform(0, 0.3) : kFrameS;
  }
  return film;
}

/// First frame of the run that each frame with a face belongs to.
std::map<std::int64_t, std::int64_t> runs_of(const std::vector<Step>& film) {
  std::map<std::int64_t, std::int64_t> begin_of;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < film.size(); ++i) {
    if (film[i].face_id == 0) continue;
    if (i == 0 || film[i - 1].face_id != film[i].face_id || film[i].cut) begin = static_cast<std::int64_t>(i);
    begin_of[static_cast<std::int64_t>(i)] = begin;
  }
  return begin_of;
}

/// The same timeline, computed with the whole film at hand: run by run, window by window.
std::map<std::int64_t, std::vector<double>> reference(const std::vector<Step>& film,
                                                      const WindowOptions& options,
                                                      const data::SamplingOptions& sampling) {
  std::map<std::int64_t, std::vector<double>> sums;
  std::map<std::int64_t, int> counts;
  std::map<std::int64_t, std::vector<std::int64_t>> runs;
  for (const auto& [frame, begin] : runs_of(film)) runs[begin].push_back(frame);
  const auto time = [&](std::int64_t frame) { return film[static_cast<std::size_t>(frame)].timestamp_s; };
  for (const auto& [run_begin, frames] : runs) {
    std::vector<std::pair<std::size_t, std::size_t>> windows;  // positions in `frames`, half-open
    std::size_t begin = 0, covered = 0;
    for (;;) {
      std::size_t end = begin;
      while (end < frames.size() && time(frames[end]) < time(frames[begin]) + options.window_s - 1e-4) ++end;
      if (begin >= frames.size() || end == frames.size()) break;  // not filled
      windows.emplace_back(begin, end);
      covered = end;
      begin = std::min(begin + static_cast<std::size_t>(options.stride), end);
    }
    if (covered < frames.size()) {
      std::size_t tail = frames.size() - 1;
      const std::size_t earliest = windows.empty() ? 0 : windows.back().first;
      while (tail > earliest && time(frames[tail - 1]) > time(frames.back()) - options.window_s + 1e-4)
        --tail;
      windows.emplace_back(tail, frames.size());
    }
    for (const auto& [from, to] : windows) {
      std::vector<std::int64_t> shown;
      for (const int position : window_frames(static_cast<int>(to - from), sampling))
        shown.push_back(frames[from + static_cast<std::size_t>(position)]);
      const auto answer = opinion(shown);
      for (std::size_t i = from; i < to; ++i) {
        sums[frames[i]].resize(kClassCount);
        for (std::size_t k = 0; k < kClassCount; ++k) sums[frames[i]][k] += answer[k];
        ++counts[frames[i]];
      }
    }
  }
  for (auto& [frame, sum] : sums) {
    for (double& value : sum) value /= counts[frame];
  }
  return sums;
}

TEST(WindowFrames, AreThoseOfTestSampling) {
  for (int count = 10; count < 60; ++count)
    EXPECT_EQ(window_frames(count, {}), data::test_frames(count, {})) << count;
}

TEST(WindowFrames, ShowAllOfAShortRun) {
  EXPECT_THAT(window_frames(1, {2, 2, "segments"}), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(window_frames(3, {2, 2, "segments"}), ElementsAre(0, 1, 2, 2));
  for (int count = 1; count < 30; ++count) {
    const auto frames = window_frames(count, {});
    EXPECT_EQ(frames.size(), 16U);
    EXPECT_TRUE(std::is_sorted(frames.begin(), frames.end()));
    EXPECT_LT(frames.back(), count);
  }
}

TEST(TimelineBuilder, WindowsSpanTheTimeOfATrainingClip) {
  const Outcome outcome = run(steady_film(60), {.stride = 8});
  ASSERT_FALSE(outcome.windows.empty());
  // 1.12 s at 25 frames a second are 28 frames, of which test sampling takes these:
  std::vector<std::int64_t> wanted;
  for (const int position : data::test_frames(28, {})) wanted.push_back(position);
  EXPECT_EQ(outcome.windows.front(), wanted);
  for (auto& frame : wanted) frame += 8;
  EXPECT_EQ(outcome.windows[1], wanted) << "one stride later";
}

TEST(TimelineBuilder, FollowsTheClockAtOtherFrameRates) {
  std::vector<Step> film;
  for (int i = 0; i < 120; ++i) film.push_back({i / 50.0, 1, false});
  std::vector<std::int64_t> wanted;
  for (const int position : data::test_frames(56, {})) wanted.push_back(position);
  EXPECT_EQ(run(film, {}).windows.front(), wanted) << "56 frames at 50 a second are the same 1.12 s";
}

TEST(TimelineBuilder, AgreesWithAComputationOverTheWholeFilm) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto film = random_film(seed);
    Random random(seed + 1000);
    WindowOptions options;
    options.window_s = random.uniform(0.05, 1.5);
    options.stride = static_cast<int>(1 + random.below(40));
    options.batch_size = 1 + random.below(6);
    const data::SamplingOptions sampling{static_cast<int>(2 + random.below(7)),
                                         static_cast<int>(1 + random.below(2)), "segments"};
    const Outcome outcome = run(film, options, sampling);
    const auto wanted = reference(film, options, sampling);
    ASSERT_EQ(outcome.rows.size(), film.size()) << seed;
    for (std::size_t i = 0; i < film.size(); ++i) {
      const TimelineRow& row = outcome.rows[i];
      ASSERT_EQ(row.frame, static_cast<std::int64_t>(i)) << "rows come once and in order";
      ASSERT_EQ(row.face_id, film[i].face_id);
      if (film[i].face_id == 0) {
        ASSERT_TRUE(row.probabilities.empty());
        ASSERT_EQ(row.label, -1);
        continue;
      }
      const auto& values = wanted.at(row.frame);
      ASSERT_EQ(row.probabilities.size(), kClassCount) << "seed " << seed << " frame " << i;
      for (std::size_t k = 0; k < kClassCount; ++k)
        ASSERT_NEAR(row.probabilities[k], values[k], 1e-12) << "seed " << seed << " frame " << i;
      ASSERT_EQ(row.label, std::max_element(values.begin(), values.end()) - values.begin());
    }
  }
}

TEST(TimelineBuilder, LooksAtAFrameOnceHoweverManyWindowsShowIt) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto film = random_film(seed);
    const WindowOptions options{.stride = static_cast<int>(1 + seed % 5), .batch_size = 1 + seed % 4};
    const Outcome clip_by_clip = run(film, options);
    const Outcome framewise = run(film, options, {}, true);
    EXPECT_TRUE(framewise.windows.empty()) << "whole clips were asked for";
    ASSERT_EQ(framewise.rows.size(), clip_by_clip.rows.size());
    for (std::size_t i = 0; i < framewise.rows.size(); ++i) {
      EXPECT_EQ(framewise.rows[i].probabilities, clip_by_clip.rows[i].probabilities);
      EXPECT_EQ(framewise.rows[i].label, clip_by_clip.rows[i].label);
    }
    std::set<std::int64_t> shown;
    for (const auto& window : clip_by_clip.windows) shown.insert(window.begin(), window.end());
    EXPECT_EQ(framewise.looks.size(), shown.size());
    for (const auto& [frame, count] : framewise.looks) EXPECT_EQ(count, 1) << frame;
  }
}

TEST(TimelineBuilder, AsksAModelOfOnePictureForEveryFrame) {
  const auto film = random_film(5);
  const Outcome outcome = run(film, {}, {.segment_count = 1, .frames_per_segment = 1});
  ASSERT_EQ(outcome.rows.size(), film.size());
  std::vector<std::vector<std::int64_t>> wanted;
  for (std::size_t i = 0; i < film.size(); ++i) {
    if (film[i].face_id != 0) wanted.push_back({static_cast<std::int64_t>(i)});
    EXPECT_EQ(outcome.rows[i].probabilities.empty(), film[i].face_id == 0);
  }
  EXPECT_EQ(outcome.windows, wanted);
}

TEST(TimelineBuilder, GivesNoAnswerBelowTheThreshold) {
  const auto film = steady_film(200);
  const Outcome sure = run(film, {});
  const Outcome unsure = run(film, {.uncertain_below = 0.6});
  int uncertain = 0;
  for (std::size_t i = 0; i < film.size(); ++i) {
    EXPECT_FALSE(sure.rows[i].is_uncertain);
    EXPECT_EQ(unsure.rows[i].probabilities, sure.rows[i].probabilities);
    const auto& probabilities = sure.rows[i].probabilities;
    EXPECT_EQ(unsure.rows[i].is_uncertain,
              *std::max_element(probabilities.begin(), probabilities.end()) < 0.6);
    uncertain += unsure.rows[i].is_uncertain ? 1 : 0;
  }
  EXPECT_GT(uncertain, 0);
  EXPECT_LT(uncertain, 200);
}

TEST(TimelineBuilder, NoWindowSpansTwoShotsFacesOrAGap) {
  for (std::uint64_t seed = 100; seed < 140; ++seed) {
    const auto film = random_film(seed);
    const auto run_of = runs_of(film);
    for (const auto& window : run(film, {.window_s = 0.8, .stride = 3}).windows) {
      std::set<std::int64_t> runs;
      for (const std::int64_t frame : window) runs.insert(run_of.at(frame));
      EXPECT_EQ(runs.size(), 1U) << seed;
    }
  }
}

TEST(TimelineBuilder, HandsOutRowsSoonHoweverLongTheFilm) {
  const Outcome outcome = run(steady_film(5000), {.window_s = 1.12, .stride = 8, .batch_size = 4});
  EXPECT_EQ(outcome.rows.size(), 5000U);
  EXPECT_LE(outcome.most_pending, 28U + 8 + 4 * 8 + 1) << "a window, a stride, a batch of strides";
}

/// Films of one face each, seen at once as a film of several.
struct SharedFilm {
  std::vector<std::vector<Step>> films;  ///< of faces 1, 2, ...; equal times and cuts
};

SharedFilm random_shared_film(std::uint64_t seed) {
  Random random(seed);
  SharedFilm shared;
  shared.films.resize(3);
  std::vector<bool> present = {true, false, true};
  double time = 0;
  for (std::uint64_t i = 0, count = 60 + random.below(200); i < count; ++i) {
    const bool cut = random.chance(0.01);
    for (std::size_t f = 0; f < shared.films.size(); ++f) {
      if (random.chance(0.04)) present[f] = !present[f];
      shared.films[f].push_back({time, present[f] ? static_cast<int>(f) + 1 : 0, cut});
    }
    time += kFrameS;
  }
  return shared;
}

/// Like run(), with the faces of all films; a crop holds the number of its frame, so faces look alike.
Outcome run_together(const SharedFilm& shared, const WindowOptions& options) {
  Outcome outcome;
  WindowModel model;
  model.spec = {.frame_count = 16, .height_px = 1, .width_px = 1};
  model.class_count = kClassCount;
  model.predict = [&](std::span<const std::uint8_t> pixels, std::size_t count) {
    std::vector<double> answers;
    for (std::size_t w = 0; w < count; ++w) {
      std::vector<std::int64_t> shown;
      for (std::size_t t = 0; t < 16; ++t) shown.push_back(frame_of(pixels.data() + (w * 16 + t) * 3));
      const auto answer = opinion(shown);
      answers.insert(answers.end(), answer.begin(), answer.end());
    }
    outcome.windows.push_back({static_cast<std::int64_t>(count)});
    return answers;
  };
  TimelineBuilder builder(model, options, [&](const TimelineRow& row) { outcome.rows.push_back(row); });
  const std::size_t frame_count = shared.films[0].size();
  for (std::size_t i = 0; i < frame_count; ++i) {
    FrameInput input{
        static_cast<std::int64_t>(i), shared.films[0][i].timestamp_s, {}, shared.films[0][i].cut};
    // The largest face comes first, whatever its id.
    for (std::size_t f = shared.films.size(); f-- > 0;) {
      if (shared.films[f][i].face_id != 0)
        input.faces.push_back(cropped_face(shared.films[f][i].face_id, input.frame));
    }
    builder.push(std::move(input));
    const std::int64_t last = outcome.rows.empty() ? -1 : outcome.rows.back().frame;
    outcome.most_pending = std::max(outcome.most_pending, i - static_cast<std::size_t>(last + 1) + 1);
  }
  builder.finish();
  return outcome;
}

TEST(TimelineBuilder, SaysOfEachOfSeveralFacesWhatItSaysOfOneAlone) {
  for (std::uint64_t seed = 200; seed < 230; ++seed) {
    const SharedFilm shared = random_shared_film(seed);
    const WindowOptions options{.window_s = 0.7, .stride = 5, .batch_size = 1 + seed % 5};
    const Outcome together = run_together(shared, options);
    std::map<std::pair<std::int64_t, int>, const TimelineRow*> row_at;
    for (const TimelineRow& row : together.rows) row_at[{row.frame, row.face_id}] = &row;
    EXPECT_EQ(row_at.size(), together.rows.size()) << "no row twice";
    std::size_t face_rows = 0;
    for (const auto& film : shared.films) {
      for (const TimelineRow& alone : run(film, options).rows) {
        if (alone.face_id == 0) continue;
        ++face_rows;
        const auto found = row_at.find({alone.frame, alone.face_id});
        ASSERT_NE(found, row_at.end()) << seed;
        ASSERT_EQ(found->second->probabilities.size(), kClassCount);
        for (std::size_t k = 0; k < kClassCount; ++k)
          ASSERT_NEAR(found->second->probabilities[k], alone.probabilities[k], 1e-12) << seed;
      }
    }
    for (const auto& [key, row] : row_at) face_rows += key.second == 0 ? 1 : 0;
    EXPECT_EQ(together.rows.size(), face_rows) << "and a row for each frame without a face";
    EXPECT_TRUE(std::is_sorted(together.rows.begin(), together.rows.end(),
                               [](const TimelineRow& a, const TimelineRow& b) {
                                 return std::pair(a.frame, a.face_id) < std::pair(b.frame, b.face_id);
                               }));
  }
}

TEST(TimelineBuilder, AsksForWindowsOfSeveralFacesTogetherAndHandsOutSoon) {
  SharedFilm shared;
  for (int f = 1; f <= 4; ++f) {
    shared.films.emplace_back();
    for (int i = 0; i < 2000; ++i) shared.films.back().push_back({i * kFrameS, f, false});
  }
  const Outcome outcome = run_together(shared, {.window_s = 1.12, .stride = 8, .batch_size = 4});
  ASSERT_FALSE(outcome.windows.empty());
  EXPECT_GT(std::count(outcome.windows.begin(), outcome.windows.end(), std::vector<std::int64_t>{4}),
            static_cast<std::ptrdiff_t>(outcome.windows.size()) - 3)
      << "one call of the model for a window of each face";
  EXPECT_LE(outcome.most_pending, 28U + 8 + 1) << "no face waits for another batch";
}

TEST(TimelineBuilder, RefusesImpossibleOptionsAndCrops) {
  const auto make = [](WindowOptions options, int frame_count) {
    WindowModel model;
    model.spec = {.frame_count = frame_count, .height_px = 1, .width_px = 1};
    TimelineBuilder builder(model, options, [](const TimelineRow&) {});
    CroppedFace wrong = cropped_face(1, 0);
    wrong.crop = media::Image(2, 1);
    builder.push({0, 0, {wrong}, false});
  };
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("window is"), [&] { make({.window_s = 0}, 16); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("stride is 0"), [&] { make({.stride = 0}, 16); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("16 frames, the model wants 8"), [&] { make({}, 8); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("2x1, wanted 1x1"), [&] { make({}, 16); });
  WindowModel model;
  model.spec = {.frame_count = 16, .height_px = 1, .width_px = 1};
  TimelineBuilder builder(model, {}, [](const TimelineRow&) {});
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("two faces"), [&] {
    builder.push({0, 0, {cropped_face(7, 0), cropped_face(7, 0)}, false});
  });
}

}  // namespace
}  // namespace ferv::inference
