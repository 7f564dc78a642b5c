// SPDX-License-Identifier: Apache-2.0
#include "clip_reader.h"

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::data {
namespace {

LoaderOptions options_of_8_frames() {
  LoaderOptions options;
  options.spec = {.frame_count = 8, .height_px = 8, .width_px = 8};
  options.sampling = {.segment_count = 4, .frames_per_segment = 2};
  options.training = true;
  return options;
}

TEST(PlanClip, CropsStayInsideThePictureAndWithinTheirLimits) {
  const LoaderOptions options = options_of_8_frames();
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const ClipPlan plan = plan_clip(30, options, seed);
    const media::Rectangle box = crop_rectangle(plan, 224, 200);
    EXPECT_GE(box.left, 0);
    EXPECT_GE(box.top, 0);
    EXPECT_LE(box.left + box.width, 224 + 1e-9);
    EXPECT_LE(box.top + box.height, 200 + 1e-9);
    EXPECT_GE(box.width * box.height, options.augmentation.crop_area_min * 224 * 200 * 0.9);
  }
}

TEST(PlanClip, CropsTheSameShareOfPicturesOfAnyShape) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const ClipPlan plan = plan_clip(30, options_of_8_frames(), seed);
    const media::Rectangle face = crop_rectangle(plan, 100, 100);
    const media::Rectangle scene = crop_rectangle(plan, 640, 360);
    EXPECT_NEAR(scene.left / 640, face.left / 100, 1e-12);
    EXPECT_NEAR(scene.top / 360, face.top / 100, 1e-12);
    EXPECT_NEAR(scene.width / 640, face.width / 100, 1e-12);
    EXPECT_NEAR(scene.height / 360, face.height / 100, 1e-12);
  }
}

TEST(PlanClip, FlipsAboutHalfOfTheClips) {
  int flipped = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    flipped += plan_clip(30, options_of_8_frames(), seed).flip ? 1 : 0;
  EXPECT_NEAR(flipped, 500, 60);
}

TEST(PlanClip, ShowsTestClipsWhole) {
  LoaderOptions options = options_of_8_frames();
  options.training = false;
  const ClipPlan plan = plan_clip(30, options, 5);
  EXPECT_FALSE(plan.flip);
  const media::Rectangle box = crop_rectangle(plan, 224, 200);
  EXPECT_EQ(box.width, 224);
  EXPECT_EQ(box.height, 200);
}

TEST(ClipReader, PutsEachFrameIntoItsPlaceAndFlipsAllOfThem) {
  const test::TemporaryFolder folder;
  Clip clip;
  clip.id = "clip";
  clip.frame_count = 3;
  for (int frame = 0; frame < 3; ++frame) {
    media::Image image(16, 16);
    // Left half dark, right half as bright as the frame's number says.
    for (int y = 0; y < 16; ++y) {
      for (int x = 8 * 3; x < 16 * 3; ++x) image.row(y)[x] = static_cast<std::uint8_t>(80 * (frame + 1));
    }
    write_file_atomically(folder / ("clip/0" + std::to_string(frame) + ".jpg"),
                          std::span<const std::uint8_t>(media::encode_jpeg(image, 100)));
  }
  ClipPlan plan;
  plan.frames = {0, 1, 1, 2};
  ClipIndex index;
  index.face_folder = folder.path();
  index.clips = {clip};
  std::vector<std::uint8_t> pixels(4 * 8 * 8 * 3);
  std::uint8_t* const target = pixels.data();
  ClipReader reader(index, {.frame_count = 4, .height_px = 8, .width_px = 8}, {Stream::kFace});
  const auto right_edge = [&](std::size_t t) { return pixels[(t * 64 + 7) * 3]; };
  const auto left_edge = [&](std::size_t t) { return pixels[t * 64 * 3]; };
  reader.read(0, plan, {&target, 1});
  for (const auto& [t, value] : {std::pair{0U, 80}, {1U, 160}, {2U, 160}, {3U, 240}}) {
    EXPECT_NEAR(right_edge(t), value, 4);
    EXPECT_NEAR(left_edge(t), 0, 4);
  }
  plan.flip = true;
  reader.read(0, plan, {&target, 1});
  EXPECT_NEAR(left_edge(3), 240, 4);
  EXPECT_NEAR(right_edge(3), 0, 4);
}

}  // namespace
}  // namespace ferv::data
