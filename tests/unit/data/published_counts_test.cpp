// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/published_counts.h"

#include "ferv/data/labels.h"
#include "matchers.h"

namespace ferv::data {
namespace {

TEST(PublishedCounts, AddUpToTheRelease) {
  int train = 0;
  int test = 0;
  for (const PublishedScene& scene : published_scenes()) {
    for (const int clips : scene.clips) {
      test += published_test_clips(clips);
      train += clips - published_test_clips(clips);
    }
  }
  EXPECT_EQ(train, kPublishedTrainClips);
  EXPECT_EQ(test, kPublishedTestClips);
}

TEST(PublishedCounts, AreThoseOfTheScenesInOrder) {
  ASSERT_EQ(published_scenes().size(), scene_names().size());
  for (std::size_t i = 0; i < scene_names().size(); ++i)
    EXPECT_EQ(published_scenes()[i].name, scene_names()[i]);
}

}  // namespace
}  // namespace ferv::data
