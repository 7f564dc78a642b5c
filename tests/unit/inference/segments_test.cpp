// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/segments.h"

#include <map>

#include "ferv/base/random.h"
#include "matchers.h"
#include "rows.h"

namespace ferv::inference {
namespace {

using test::kThreeClasses;
using test::row_of;

std::vector<Segment> segments_of(const std::vector<TimelineRow>& rows) {
  SegmentBuilder builder;
  for (const TimelineRow& row : rows) builder.add(row);
  return builder.segments();
}

TEST(Segments, AreRunsOfOneLabelOfOnePerson) {
  EXPECT_EQ(segments_csv(segments_of(test::rows_of_two()), kThreeClasses),
            "start_s,end_s,face_id,label,mean_probability\n"
            "0.000000,2.000000,1,Happy,0.800000\n"
            "1.000000,2.500000,2,Sad,0.800000\n"
            "2.000000,3.000000,1,uncertain,0.800000\n"
            "3.000000,4.000000,1,Happy,0.800000\n");
}

TEST(Segments, EndWithTheFilmWhoseLastFrameLastsAsLongAsTheOneBefore) {
  const auto segments = segments_of({row_of(0, 0, 1, 0), row_of(1, 0.25, 1, 0), row_of(2, 0.5, 1, 2)});
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_DOUBLE_EQ(segments[1].begin_s, 0.5);
  EXPECT_DOUBLE_EQ(segments[1].end_s, 0.75);
}

TEST(Segments, OfAPictureHaveNoLength) {
  const auto segments = segments_of({row_of(0, 0, 1, 0), row_of(0, 0, 2, 1)});
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].length_s(), 0);
  EXPECT_EQ(segments[1].face_id, 2);
}

TEST(Segments, AreBrokenByAFrameWithoutTheFace) {
  const auto segments =
      segments_of({row_of(0, 0, 1, 0), row_of(1, 0.1, 2, 1), row_of(2, 0.2, 1, 0), row_of(2, 0.2, 2, 1)});
  ASSERT_EQ(segments.size(), 3U);
  EXPECT_DOUBLE_EQ(segments[0].end_s, 0.1);
  EXPECT_EQ(segments[1].face_id, 2);
  EXPECT_EQ(segments[1].frame_count, 2);
  EXPECT_DOUBLE_EQ(segments[2].begin_s, 0.2);
}

TEST(Segments, HoldEveryFaceOfEveryFrameOnce) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    std::vector<TimelineRow> rows;
    std::map<int, std::int64_t> frames_of;
    double time_s = 0;
    for (int i = 0; i < 200; ++i) {
      for (int face = 1; face <= 3; ++face) {
        if (!random.chance(0.8)) continue;
        rows.push_back(row_of(i, time_s, face, static_cast<int>(random.below(3))));
        ++frames_of[face];
      }
      if (rows.empty() || rows.back().frame != i) rows.push_back(row_of(i, time_s, 0, -1));
      time_s += random.uniform(0.01, 0.1);
    }
    std::map<int, std::int64_t> found;
    std::map<int, double> end_of;
    for (const Segment& segment : segments_of(rows)) {
      found[segment.face_id] += segment.frame_count;
      EXPECT_GE(segment.begin_s, end_of[segment.face_id]) << "a person's segments do not overlap";
      EXPECT_GT(segment.end_s, segment.begin_s);
      end_of[segment.face_id] = segment.end_s;
    }
    EXPECT_EQ(found, frames_of) << seed;
  }
}

}  // namespace
}  // namespace ferv::inference
