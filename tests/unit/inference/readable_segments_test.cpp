// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/readable_segments.h"

#include <cmath>
#include <cstdio>
#include <map>

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::inference {
namespace {

constexpr double kShortest = 0.5;

/// Ten frames a second.
Segment segment(double begin_s, double end_s, int label, double probability = 0.8, int face_id = 1) {
  return {.face_id = face_id,
          .begin_s = begin_s,
          .end_s = end_s,
          .label = label,
          .mean_probability = probability,
          .frame_count = std::max<std::int64_t>(1, std::lround((end_s - begin_s) * 10))};
}

/// "begin-end label" of each.
std::string text_of(const std::vector<Segment>& segments) {
  std::string text;
  for (const Segment& one : segments) {
    char line[80];
    std::snprintf(line, sizeof line, "%.1f-%.1f %d; ", one.begin_s, one.end_s, one.label);
    text += line;
  }
  return text;
}

TEST(ReadableSegments, LeaveWhatIsLongEnoughAsItIs) {
  const std::vector<Segment> segments = {segment(0, 1, 0), segment(1, 1.5, 1), segment(2, 4, 1)};
  EXPECT_EQ(text_of(readable_segments(segments, kShortest)), text_of(segments));
}

TEST(ReadableSegments, GiveAFlickerToWhatWasBefore) {
  const auto result = readable_segments(
      {segment(0, 1, 0, 0.9), segment(1, 1.1, -1), segment(1.1, 1.3, 2), segment(1.3, 2.3, 0, 0.7)},
      kShortest);
  EXPECT_EQ(text_of(result), "0.0-2.3 0; ");
  EXPECT_NEAR(result.at(0).mean_probability, 0.8, 1e-9) << "of the frames that have the label";
}

TEST(ReadableSegments, CallALongFlickerUncertain) {
  const auto result =
      readable_segments({segment(0, 1, 0), segment(1, 1.3, 2, 0.6), segment(1.3, 1.5, -1, 0.4),
                         segment(1.5, 1.7, 2, 0.5), segment(1.7, 3, 2)},
                        kShortest);
  EXPECT_EQ(text_of(result), "0.0-1.0 0; 1.0-1.7 -1; 1.7-3.0 2; ");
  EXPECT_NEAR(result.at(1).mean_probability, (3 * 0.6 + 2 * 0.4 + 2 * 0.5) / 7, 1e-9);
}

TEST(ReadableSegments, KeepGapsAndShortOnesWithNothingBeforeThem) {
  EXPECT_EQ(text_of(readable_segments({segment(0, 0.2, 1), segment(0.2, 1, 0), segment(1.5, 1.7, 2),
                                       segment(2, 3, 0), segment(3, 3.1, 1)},
                                      kShortest)),
            "0.0-0.2 1; 0.2-1.0 0; 1.5-1.7 2; 2.0-3.1 0; ");
  EXPECT_EQ(text_of(readable_segments({segment(0, 0, 1)}, kShortest)), "0.0-0.0 1; ");
  EXPECT_TRUE(readable_segments({}, kShortest).empty());
}

TEST(ReadableSegments, KeepPersonsApart) {
  const auto result = readable_segments(
      {segment(0, 1, 0, 0.8, 1), segment(0.5, 0.8, 1, 0.8, 2), segment(1, 1.2, 2, 0.8, 1)}, kShortest);
  ASSERT_EQ(result.size(), 2U);
  EXPECT_EQ(text_of({result[0]}), "0.0-1.2 0; ");
  EXPECT_EQ(result[1].face_id, 2);
}

TEST(ReadableSegments, NeverChangeHowLongAFaceIsSeenAndFlickerLess) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::vector<Segment> segments;
    for (int face = 1; face <= 3; ++face) {
      double now_s = 0;
      for (int i = 0; i < 30; ++i) {
        const double begin_s = now_s + (random.below(4) == 0 ? 0.3 : 0.0);
        now_s = begin_s + 0.1 * static_cast<double>(1 + random.below(12));
        segments.push_back(segment(begin_s, now_s, static_cast<int>(random.below(4)) - 1, 0.5, face));
      }
    }
    std::stable_sort(segments.begin(), segments.end(),
                     [](const Segment& a, const Segment& b) { return a.begin_s < b.begin_s; });
    const auto seen_s = [](const std::vector<Segment>& all) {
      std::map<int, double> sums;
      for (const Segment& one : all) sums[one.face_id] += one.length_s();
      return sums;
    };
    const auto result = readable_segments(segments, kShortest);
    EXPECT_LT(result.size(), segments.size());
    const auto before = seen_s(segments);
    for (const auto& [face, sum_s] : seen_s(result)) EXPECT_NEAR(sum_s, before.at(face), 1e-9) << seed;
    // What was made readable stays.
    EXPECT_EQ(text_of(readable_segments(result, kShortest)), text_of(result)) << seed;
  }
}

}  // namespace
}  // namespace ferv::inference
