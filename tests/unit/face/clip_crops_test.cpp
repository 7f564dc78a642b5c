// SPDX-License-Identifier: Apache-2.0
#include "clip_crops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ferv::face {
namespace {

using testing::ElementsAre;

/// A frame of `shot`; each face is an id, and is as large as its id and placed at x = frame number.
std::vector<FrameCandidates> frames_of(const std::vector<std::pair<int, std::vector<int>>>& content) {
  std::vector<FrameCandidates> frames;
  for (const auto& [shot, ids] : content) {
    FrameCandidates frame{shot, {}};
    for (const int id : ids)
      frame.faces.push_back({id, 100.0 * id, {{static_cast<double>(frames.size()), id * 1.0}, 50, 0}});
    frames.push_back(frame);
  }
  return frames;
}

/// x of each placement, -1 for frames that are left out.
std::vector<double> places(const ClipCrops& crops) {
  std::vector<double> result;
  for (const auto& one : crops.placements) result.push_back(one ? one->centre.x : -1);
  return result;
}

TEST(ChooseCrops, RepeatsTheNearestPlaceDropsOrFails) {
  const auto frames = frames_of({{0, {}}, {0, {1}}, {0, {}}, {0, {}}, {0, {}}, {0, {1}}, {0, {}}});
  CropFilmsOptions options;
  EXPECT_THAT(places(choose_crops(frames, options)), ElementsAre(1, 1, 1, 1, 5, 5, 5));
  EXPECT_EQ(choose_crops(frames, options).frames_without_face, 5);
  options.no_face = NoFacePolicy::kDrop;
  EXPECT_THAT(places(choose_crops(frames, options)), ElementsAre(-1, 1, -1, -1, -1, 5, -1));
  options.no_face = NoFacePolicy::kFail;
  EXPECT_THAT(places(choose_crops(frames, options)), ElementsAre(-1, -1, -1, -1, -1, -1, -1));
}

TEST(ChooseCrops, TakesTheLongestOrTheLargestFace) {
  const auto frames = frames_of({{0, {1, 2}}, {0, {1}}, {0, {1, 2}}});
  CropFilmsOptions options;
  const ClipCrops longest = choose_crops(frames, options);
  EXPECT_EQ(longest.placements[0]->centre.y, 1);
  EXPECT_EQ(longest.frames_with_several_faces, 2);
  EXPECT_EQ(longest.frames_without_face, 0);
  options.choice = FaceChoice::kLargest;
  const ClipCrops largest = choose_crops(frames, options);
  EXPECT_EQ(largest.placements[0]->centre.y, 2);
  EXPECT_EQ(largest.frames_without_face, 1);
}

TEST(ChooseCrops, SpansNoTwoShotsUnlessToldTo) {
  const auto frames = frames_of({{0, {1}}, {1, {2}}, {1, {}}, {1, {2}}, {2, {}}, {2, {}}, {2, {}}, {2, {}}});
  CropFilmsOptions options;
  EXPECT_THAT(places(choose_crops(frames, options)), ElementsAre(-1, 1, 1, 3, -1, -1, -1, -1));
  options.cuts = CutPolicy::kKeep;
  EXPECT_THAT(places(choose_crops(frames, options)), ElementsAre(0, 1, 1, 3, -1, -1, -1, -1))
      << "a shot with nobody in it has nothing to cut out";
}

TEST(ChooseCrops, LeavesOutAllWhereNobodyIs) {
  EXPECT_THAT(places(choose_crops(frames_of({{0, {}}, {0, {}}}), {})), ElementsAre(-1, -1));
  EXPECT_TRUE(choose_crops({}, {}).placements.empty());
}

}  // namespace
}  // namespace ferv::face
