// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/test_views.h"

#include <algorithm>
#include <vector>

#include "ferv/data/sampling.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using Frames = std::vector<int>;

Frames frames_of(int n, const char* method, int view, int view_count) {
  return test_frames(n, {.method = method, .view = view, .view_count = view_count});
}

TEST(TestViews, OfSegmentsLieEvenlyInEverySegment) {
  // n = 28: tick = 27 / 8 = 3.375; view 0 of 2 begins at a quarter of each segment, view 1 at three quarters.
  EXPECT_EQ(frames_of(28, "segments", 0, 2),
            (Frames{0, 1, 4, 5, 7, 8, 10, 11, 14, 15, 17, 18, 21, 22, 24, 25}));
  EXPECT_EQ(frames_of(28, "segments", 1, 2),
            (Frames{2, 3, 5, 6, 9, 10, 12, 13, 16, 17, 19, 20, 22, 23, 26, 27}));
  // The middle one of three is what one view alone shows.
  EXPECT_EQ(frames_of(28, "segments", 1, 3), frames_of(28, "segments", 0, 1));
}

TEST(TestViews, OfSpreadBeginBetweenTheFramesOfOneView) {
  EXPECT_EQ(frames_of(32, "spread", 0, 2),
            (Frames{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}));
  EXPECT_EQ(frames_of(32, "spread", 1, 2),
            (Frames{1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31}));
}

TEST(TestViews, OfDenseReachFromTheFirstFrameToTheLast) {
  EXPECT_EQ(frames_of(40, "dense", 0, 3).front(), 0);
  EXPECT_EQ(frames_of(40, "dense", 1, 3).front(), 12);
  EXPECT_EQ(frames_of(40, "dense", 2, 3).back(), 39);
}

TEST(TestViews, OfShortClipsAreAllAlike) {
  for (const char* method : {"segments", "padded", "dense"}) {
    for (int view = 0; view < 3; ++view)
      EXPECT_EQ(frames_of(5, method, view, 3), frames_of(5, method, 0, 1)) << method;
  }
}

TEST(TestViews, AreInRangeRisingAndAsManyAsOneViewForEveryLength) {
  for (const char* method : {"segments", "padded", "spread", "dense"}) {
    for (int n = 1; n <= 70; ++n) {
      for (int view_count = 1; view_count <= 5; ++view_count) {
        Frames before(16, 0);
        for (int view = 0; view < view_count; ++view) {
          const Frames frames = frames_of(n, method, view, view_count);
          ASSERT_EQ(frames.size(), 16U);
          for (std::size_t i = 0; i < frames.size(); ++i) {
            ASSERT_GE(frames[i], before[i]) << "a later view shows nothing earlier";
            ASSERT_LT(frames[i], n) << method;
          }
          before = frames;
        }
      }
    }
  }
}

TEST(TestCrops, OfOneAndTwoShowTheWholePicture) {
  EXPECT_EQ(test_crop(0, 1), TestCrop());
  EXPECT_EQ(test_crop(0, 2), TestCrop());
  EXPECT_EQ(test_crop(1, 2), (TestCrop{.flip = true}));
}

TEST(TestCrops, OfTenAreFiveAndTheirMirrorImages) {
  EXPECT_EQ(test_crop(0, 5), (TestCrop{.side = 0.875}));
  EXPECT_EQ(test_crop(2, 5), (TestCrop{.side = 0.875, .x = 1, .y = 0}));
  for (int crop = 0; crop < 5; ++crop) {
    TestCrop mirrored = test_crop(crop, 10);
    EXPECT_EQ(mirrored, test_crop(crop, 5));
    mirrored.flip = true;
    EXPECT_EQ(test_crop(crop + 5, 10), mirrored);
  }
}

TEST(TestCrops, AreAllDifferent) {
  for (const int count : test_crop_counts()) {
    std::vector<TestCrop> crops;
    for (int crop = 0; crop < count; ++crop) {
      const TestCrop next = test_crop(crop, count);
      EXPECT_EQ(std::count(crops.begin(), crops.end(), next), 0);
      crops.push_back(next);
    }
  }
}

TEST(TestCrops, RefuseOtherNumbers) {
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("3 test crops, wanted 1, 2, 5 or 10"),
                     [] { (void)test_crop(0, 3); });
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("test crop is 2 of 2"),
                     [] { (void)test_crop(2, 2); });
}

}  // namespace
}  // namespace ferv::data
