// SPDX-License-Identifier: Apache-2.0
#include "noise_batch.h"

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(NoiseBatch, HasTheSizesAskedForAndTheSamePixelsForTheSameSeed) {
  const NoiseOptions options{.spec = {.frame_count = 2, .height_px = 16, .width_px = 20},
                             .stream_count = 2,
                             .clip_count = 5,
                             .class_count = 3,
                             .seed = 4};
  const data::Batch batch = noise_batch(options);
  EXPECT_EQ(batch.size(), 5U);
  EXPECT_THAT(batch.labels, testing::ElementsAre(0, 1, 2, 0, 1));
  ASSERT_EQ(batch.streams.size(), 2U);
  EXPECT_EQ(batch.streams[0].size(), 5U * 2 * 16 * 20 * 3);
  EXPECT_NE(batch.streams[0], batch.streams[1]);
  EXPECT_EQ(batch.streams, noise_batch(options).streams);
}

}  // namespace
}  // namespace ferv::training
