// SPDX-License-Identifier: Apache-2.0
#include "clip_plan.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "ferv/data/test_views.h"

namespace ferv::data {
namespace {

constexpr double kEraseAreaMin = 0.02;
constexpr double kEraseRatioMax = 3.3;

struct Range {
  const char* name;
  double value;
  double low;
  double high;
};

void plan_crop_and_flip(ClipPlan& plan, const AugmentationOptions& options, std::uint64_t seed) {
  // Every number is drawn whatever the options say: switching the crop off leaves the flip as it was.
  Random random(derive_seed(seed, "augmentation"));
  plan.crop = options.random_crop;
  plan.crop_area = random.uniform(options.crop_area_min, 1.0);
  plan.crop_log_ratio = random.uniform(-1.0, 1.0) * std::log(options.crop_ratio_max);
  plan.crop_x = random.uniform();
  plan.crop_y = random.uniform();
  plan.flip = random.chance(options.flip_probability);
}

void plan_colour(ClipPlan& plan, const AugmentationOptions& options, std::uint64_t seed) {
  Random random(derive_seed(seed, "colour"));
  const auto factor = [&](double strength) {
    return random.uniform(std::max(0.0, 1.0 - strength), 1.0 + strength);
  };
  ColourChange change;
  change.brightness = factor(options.brightness);
  change.contrast = factor(options.contrast);
  change.saturation = factor(options.saturation);
  change.hue_turn = random.uniform(-options.hue, options.hue);
  if (Random(derive_seed(seed, "grey")).chance(options.grey_probability)) change.saturation = 0;
  if (!(change == ColourChange{})) plan.colour = colour_matrix(change);
}

void plan_erasing(ClipPlan& plan, const AugmentationOptions& options, std::uint64_t seed) {
  Random random(derive_seed(seed, "erase"));
  if (!random.chance(options.erase_probability)) return;
  const double area = random.uniform(std::min(kEraseAreaMin, options.erase_area_max), options.erase_area_max);
  const double ratio = std::exp(random.uniform(-1.0, 1.0) * std::log(kEraseRatioMax));
  media::Rectangle box;
  box.width = std::min(std::sqrt(area * ratio), 1.0);
  box.height = std::min(std::sqrt(area / ratio), 1.0);
  box.left = random.uniform() * (1.0 - box.width);
  box.top = random.uniform() * (1.0 - box.height);
  plan.erase = box;
}

void jitter_frames(std::vector<int>& frames, int reach, int frame_count, std::uint64_t seed) {
  if (reach == 0) return;
  Random random(derive_seed(seed, "temporal jitter"));
  for (int& frame : frames) {
    const int step = static_cast<int>(random.below(2 * static_cast<std::uint64_t>(reach) + 1)) - reach;
    frame = std::clamp(frame + step, 0, frame_count - 1);
  }
  std::sort(frames.begin(), frames.end());
}

}  // namespace

void validate(const AugmentationOptions& options) {
  const Range ranges[] = {{"crop_area_min", options.crop_area_min, 0.001, 1},
                          {"crop_ratio_max", options.crop_ratio_max, 1, 100},
                          {"flip_probability", options.flip_probability, 0, 1},
                          {"rotation_degrees_max", options.rotation_degrees_max, 0, 180},
                          {"brightness", options.brightness, 0, 10},
                          {"contrast", options.contrast, 0, 10},
                          {"saturation", options.saturation, 0, 10},
                          {"hue", options.hue, 0, 0.5},
                          {"grey_probability", options.grey_probability, 0, 1},
                          {"erase_probability", options.erase_probability, 0, 1},
                          {"erase_area_max", options.erase_area_max, 0, 1},
                          {"temporal_jitter_frames", double(options.temporal_jitter_frames), 0, 1024}};
  for (const Range& range : ranges) {
    if (range.value >= range.low && range.value <= range.high) continue;  // false for what is no number
    const auto shown = [](double value) {
      std::string text = std::to_string(value);
      text.erase(text.find_last_not_of('0') + 1);
      if (text.back() == '.') text.pop_back();
      return text;
    };
    throw invalid_argument(std::string(range.name) + " is " + shown(range.value) + ", wanted " +
                           shown(range.low) + " to " + shown(range.high));
  }
}

ClipPlan plan_clip(int frame_count, const LoaderOptions& options, std::uint64_t seed) {
  ClipPlan plan;
  if (!options.training) {
    plan.frames = test_frames(frame_count, options.sampling);
    const TestCrop part = test_crop(options.test_crop, options.test_crop_count);
    plan.crop = part.side < 1.0;
    plan.crop_area = part.side * part.side;
    plan.crop_x = part.x;
    plan.crop_y = part.y;
    plan.flip = part.flip;
    return plan;
  }
  const AugmentationOptions& augmentation = options.augmentation;
  plan.frames = training_frames(frame_count, options.sampling, derive_seed(seed, "frames"));
  jitter_frames(plan.frames, augmentation.temporal_jitter_frames, frame_count, seed);
  plan_crop_and_flip(plan, augmentation, seed);
  const double degrees =
      Random(derive_seed(seed, "rotation")).uniform(-1.0, 1.0) * augmentation.rotation_degrees_max;
  plan.rotation_radians = degrees * std::numbers::pi / 180.0;
  plan_colour(plan, augmentation, seed);
  plan_erasing(plan, augmentation, seed);
  return plan;
}

media::Rectangle crop_rectangle(const ClipPlan& plan, int width_px, int height_px) {
  if (!plan.crop) return {0, 0, static_cast<double>(width_px), static_cast<double>(height_px)};
  const double ratio = std::exp(plan.crop_log_ratio);
  media::Rectangle box;
  box.width = std::min(std::sqrt(plan.crop_area * ratio), 1.0) * width_px;
  box.height = std::min(std::sqrt(plan.crop_area / ratio), 1.0) * height_px;
  box.left = plan.crop_x * (width_px - box.width);
  box.top = plan.crop_y * (height_px - box.height);
  return box;
}

}  // namespace ferv::data
