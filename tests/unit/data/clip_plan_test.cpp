// SPDX-License-Identifier: Apache-2.0
#include "clip_plan.h"

#include <algorithm>
#include <functional>

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

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

TEST(PlanClip, ShowsTheCornerThatATestAsksFor) {
  LoaderOptions options = options_of_8_frames();
  options.training = false;
  options.test_crop = 9;  // bottom right, mirrored
  options.test_crop_count = 10;
  const ClipPlan plan = plan_clip(30, options, 5);
  EXPECT_TRUE(plan.flip);
  const media::Rectangle box = crop_rectangle(plan, 256, 128);
  EXPECT_NEAR(box.left, 32, 1e-9);
  EXPECT_NEAR(box.top, 16, 1e-9);
  EXPECT_NEAR(box.width, 224, 1e-9);
  EXPECT_NEAR(box.height, 112, 1e-9);
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

/// Everything on.
LoaderOptions strong_options() {
  LoaderOptions options = options_of_8_frames();
  options.augmentation = {.rotation_degrees_max = 10,
                          .brightness = 0.4,
                          .contrast = 0.4,
                          .saturation = 0.4,
                          .hue = 0.1,
                          .grey_probability = 0.5,
                          .erase_probability = 0.5,
                          .temporal_jitter_frames = 2};
  return options;
}

using Part = std::function<bool(const ClipPlan&, const ClipPlan&)>;

const Part kCrop = [](const ClipPlan& a, const ClipPlan& b) {
  return a.crop_area == b.crop_area && a.crop_log_ratio == b.crop_log_ratio && a.crop_x == b.crop_x &&
         a.crop_y == b.crop_y;
};
const Part kFlip = [](const ClipPlan& a, const ClipPlan& b) { return a.flip == b.flip; };
const Part kRotation = [](const ClipPlan& a, const ClipPlan& b) {
  return a.rotation_radians == b.rotation_radians;
};
const Part kColour = [](const ClipPlan& a, const ClipPlan& b) { return a.colour == b.colour; };
const Part kErase = [](const ClipPlan& a, const ClipPlan& b) {
  return a.erase.has_value() == b.erase.has_value() && (!a.erase || a.erase->left == b.erase->left);
};
const Part kFrames = [](const ClipPlan& a, const ClipPlan& b) { return a.frames == b.frames; };

TEST(PlanClip, SwitchingOneAugmentationOffLeavesTheOthersAsTheyWere) {
  const std::vector<std::pair<std::function<void(AugmentationOptions&)>, const Part*>> switches = {
      {[](auto& options) { options.random_crop = false; }, nullptr},
      {[](auto& options) { options.flip_probability = 0; }, &kFlip},
      {[](auto& options) { options.rotation_degrees_max = 0; }, &kRotation},
      {[](auto& options) {
         options.brightness = options.contrast = options.saturation = options.hue = options.grey_probability =
             0;
       },
       &kColour},
      {[](auto& options) { options.erase_probability = 0; }, &kErase},
      {[](auto& options) { options.temporal_jitter_frames = 0; }, &kFrames},
  };
  for (const auto& [switch_off, part] : switches) {
    LoaderOptions less = strong_options();
    switch_off(less.augmentation);
    int changes = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      const ClipPlan all = plan_clip(30, strong_options(), seed);
      const ClipPlan without = plan_clip(30, less, seed);
      for (const Part* other : {&kCrop, &kFlip, &kRotation, &kColour, &kErase, &kFrames}) {
        if (other == part)
          changes += (*other)(all, without) ? 0 : 1;
        else
          EXPECT_TRUE((*other)(all, without));
      }
    }
    EXPECT_TRUE(part == nullptr || changes > 10);
  }
}

TEST(PlanClip, ChangesNothingAtZeroStrength) {
  LoaderOptions options = options_of_8_frames();
  options.augmentation.random_crop = false;
  options.augmentation.flip_probability = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const ClipPlan plan = plan_clip(30, options, seed);
    EXPECT_FALSE(plan.crop || plan.flip || plan.colour || plan.erase);
    EXPECT_EQ(plan.rotation_radians, 0);
    EXPECT_EQ(plan.frames, training_frames(30, options.sampling, derive_seed(seed, "frames")));
  }
}

TEST(PlanClip, JittersFramesInOrderAndWithinReach) {
  LoaderOptions options = options_of_8_frames();
  options.augmentation.temporal_jitter_frames = 3;
  for (const int frame_count : {1, 5, 9, 40}) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const auto frames = plan_clip(frame_count, options, seed).frames;
      const auto plain = training_frames(frame_count, options.sampling, derive_seed(seed, "frames"));
      EXPECT_TRUE(std::is_sorted(frames.begin(), frames.end()));
      EXPECT_GE(frames.front(), std::max(0, plain.front() - 3));
      EXPECT_LE(frames.back(), std::min(frame_count - 1, plain.back() + 3));
    }
  }
}

TEST(PlanClip, KeepsRotationAndErasedAreaWithinTheirLimits) {
  LoaderOptions options = strong_options();
  options.augmentation.erase_probability = 1;
  options.augmentation.erase_area_max = 0.3;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ClipPlan plan = plan_clip(30, options, seed);
    EXPECT_LE(std::abs(plan.rotation_radians), 10 * 3.1416 / 180);
    ASSERT_TRUE(plan.erase.has_value());
    EXPECT_LE(plan.erase->width * plan.erase->height, 0.3 + 1e-9);
    EXPECT_GE(plan.erase->left, 0);
    EXPECT_LE(plan.erase->left + plan.erase->width, 1 + 1e-9);
    EXPECT_LE(plan.erase->top + plan.erase->height, 1 + 1e-9);
  }
}

TEST(AugmentationOptions, AreRefusedOutOfTheirRange) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("hue is 0.7, wanted 0 to 0.5"),
                     [] { validate(AugmentationOptions{.hue = 0.7}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("crop_area_min is 0, wanted 0.001 to 1"),
                     [] { validate(AugmentationOptions{.crop_area_min = 0}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("grey_probability is -1"),
                     [] { validate(AugmentationOptions{.grey_probability = -1}); });
}

}  // namespace
}  // namespace ferv::data
