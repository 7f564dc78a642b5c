// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/sampling.h"

#include <nlohmann/json.hpp>

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using Frames = std::vector<int>;

TEST(TestFrames, FollowFormerDfersFormula) {
  // n = 28: tick = 27 / 8 = 3.375; int(1.6875 + 3.375 k), and the frame after.
  EXPECT_EQ(test_frames(28, {}), (Frames{1, 2, 5, 6, 8, 9, 11, 12, 15, 16, 18, 19, 21, 22, 25, 26}));
  // n = 10 is the shortest that is sampled: tick = 9 / 8.
  EXPECT_EQ(test_frames(10, {}), (Frames{0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9}));
  // As in the original, clips of 9 frames or fewer give the first frames again and again.
  EXPECT_EQ(test_frames(9, {}), (Frames{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(test_frames(1, {}), Frames(16, 0));
}

TEST(TestFrames, OfOneFrameASegmentSpreadOverTheClip) {
  // DFER-CLIP's 16 x 1 on 32 frames: tick 2, offsets 1, 3, ..., 31.
  const Frames frames = test_frames(32, {.segment_count = 16, .frames_per_segment = 1});
  for (int k = 0; k < 16; ++k) EXPECT_EQ(frames[static_cast<std::size_t>(k)], 1 + 2 * k);
}

TEST(PaddedFrames, RepeatTheLastFrameOfShortClips) {
  EXPECT_EQ(test_frames(3, {.segment_count = 5, .frames_per_segment = 1, .method = "padded"}),
            (Frames{0, 1, 2, 2, 2}));
  EXPECT_EQ(training_frames(3, {.segment_count = 5, .frames_per_segment = 1, .method = "padded"}, 1),
            (Frames{0, 1, 2, 2, 2}));
}

TEST(TrainingFrames, StayInTheirSegmentsRiseAndVary) {
  Frames first = training_frames(28, {}, 0);
  bool varies = false;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Frames frames = training_frames(28, {}, seed);
    varies = varies || frames != first;
    for (int k = 0; k < 8; ++k) {
      const int offset = frames[static_cast<std::size_t>(2 * k)];
      EXPECT_GE(offset, 3 * k);  // average = 27 / 8 = 3
      EXPECT_LT(offset, 3 * k + 3);
      EXPECT_EQ(frames[static_cast<std::size_t>(2 * k + 1)], offset + 1);
    }
  }
  EXPECT_TRUE(varies);
}

TEST(TrainingFrames, AreInRangeForEveryLength) {
  for (int n = 1; n <= 60; ++n) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      for (const int frame : training_frames(n, {}, seed)) {
        EXPECT_GE(frame, 0);
        EXPECT_LT(frame, n);
      }
    }
  }
}

TEST(Sampling, EqualsThePublishedFormulas) {
  const auto golden = nlohmann::json::parse(
      read_text_file(std::filesystem::path(FERV_SOURCE_DIR) / "tests/golden/sampling.json"));
  ASSERT_GT(golden.size(), 500U);
  for (const auto& row : golden) {
    SamplingOptions options;
    options.method = row["method"];
    options.segment_count = row["segments"];
    options.frames_per_segment = row["frames_per_segment"];
    options.view = row.value("view", 0);
    options.view_count = row.value("view_count", 1);
    const Frames frames = row.contains("seed") ? training_frames(row["n"], options, row["seed"])
                                               : test_frames(row["n"], options);
    ASSERT_EQ(frames, row["frames"].get<Frames>()) << row.dump();
  }
}

TEST(Sampling, RefusesWhatMakesNoSense) {
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("0 frames"),
                     [] { (void)test_frames(0, {}); });
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("'middle'"),
                     [] { (void)test_frames(5, {.method = "middle"}); });
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("view is 2 of 2"),
                     [] { (void)test_frames(5, {.method = "dense", .view = 2, .view_count = 2}); });
}

}  // namespace
}  // namespace ferv::data
