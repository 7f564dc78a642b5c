// SPDX-License-Identifier: Apache-2.0
#include "frame_cache.h"

#include "ferv/base/parallel.h"
#include "matchers.h"

namespace ferv::data {
namespace {

TEST(FrameCache, KeepsWhatComesFirstUpToItsCap) {
  FrameCache cache(2 * 48 + 10);
  const media::Image image(4, 4);
  for (int frame = 0; frame < 5; ++frame) cache.insert(7, Stream::kFace, frame, image);
  EXPECT_EQ(cache.byte_count(), 96U);
  EXPECT_TRUE(cache.find(7, Stream::kFace, 0));
  EXPECT_TRUE(cache.find(7, Stream::kFace, 1));
  EXPECT_FALSE(cache.find(7, Stream::kFace, 2));
  EXPECT_FALSE(cache.find(7, Stream::kScene, 0));
  EXPECT_FALSE(cache.find(6, Stream::kFace, 0));
}

TEST(FrameCache, CountsAFrameOnceWhenTwoThreadsBringIt) {
  FrameCache cache(1 << 20);
  const media::Image image(4, 4);
  parallel_for(400, 4, [&](std::size_t i) { cache.insert(i / 4, Stream::kFlow, 3, image); });
  EXPECT_EQ(cache.byte_count(), 100U * 48);
}

}  // namespace
}  // namespace ferv::data
