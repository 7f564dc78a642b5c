// SPDX-License-Identifier: Apache-2.0
#include "clip_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "stream_pixels.h"

namespace ferv::data {
namespace {

constexpr std::size_t kFrameFileLimit = std::size_t{64} << 20;

}  // namespace

ClipPlan plan_clip(int frame_count, const LoaderOptions& options, std::uint64_t seed) {
  ClipPlan plan;
  if (!options.training) {
    plan.frames = test_frames(frame_count, options.sampling);
    return plan;
  }
  plan.frames = training_frames(frame_count, options.sampling, derive_seed(seed, "frames"));
  // Every number is drawn whatever the options say: switching one augmentation off leaves the others as they
  // were.
  Random random(derive_seed(seed, "augmentation"));
  const AugmentationOptions& augmentation = options.augmentation;
  plan.crop = augmentation.random_crop;
  plan.crop_area = random.uniform(augmentation.crop_area_min, 1.0);
  plan.crop_log_ratio = random.uniform(-1.0, 1.0) * std::log(augmentation.crop_ratio_max);
  plan.crop_x = random.uniform();
  plan.crop_y = random.uniform();
  plan.flip = random.chance(augmentation.flip_probability);
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

void require_stream_folders(const ClipIndex& index, std::span<const Stream> streams) {
  for (const Stream stream : streams) {
    if (stream == Stream::kScene && index.scene_folder.empty()) {
      throw not_found(index.root / "3_ClipsforScenImages",
                      "the scene frames that stream 'scene' shows; the streams face and diff need none");
    }
    if (stream == Stream::kFlow && index.flow_folder.empty()) {
      throw not_found(index.root / "5_OpticalFlow",
                      "the pictures that stream 'flow' shows, made by `ferv data flow`; the streams face and "
                      "diff need none");
    }
  }
}

std::size_t ClipReader::frame_bytes() const {
  return static_cast<std::size_t>(spec_.height_px) * static_cast<std::size_t>(spec_.width_px) * 3;
}

void ClipReader::read(std::size_t position, const ClipPlan& plan, std::span<std::uint8_t* const> targets) {
  const Clip& clip = index_.clips[position];
  const std::uint8_t* face = nullptr;
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    const std::span pixels(targets[s], plan.frames.size() * frame_bytes());
    switch (streams_[s]) {
      case Stream::kFace:
        read_frames(index_.face_folder, clip, plan, targets[s]);
        face = targets[s];
        break;
      case Stream::kScene:
        read_frames(index_.scene_folder, clip, plan, targets[s]);
        break;
      case Stream::kDiff:
        // The faces of an earlier stream are the same pixels: no second decoding.
        if (face != nullptr)
          std::memcpy(targets[s], face, pixels.size());
        else
          read_frames(index_.face_folder, clip, plan, targets[s]);
        difference_in_place(pixels, frame_bytes());
        break;
      case Stream::kFlow:
        read_frames(index_.flow_folder, clip, plan, targets[s]);
        if (plan.flip) negate_horizontal_flow(pixels);
        break;
    }
  }
}

void ClipReader::read_frames(const std::filesystem::path& folder, const Clip& clip, const ClipPlan& plan,
                             std::uint8_t* target) {
  const media::ResizeOptions resize{
      .width_px = spec_.width_px, .height_px = spec_.height_px, .flip = plan.flip};
  std::optional<media::Resizer> resizer;
  int resizer_width_px = 0;
  int resizer_height_px = 0;
  for (std::size_t t = 0; t < plan.frames.size(); ++t) {
    std::uint8_t* slot = target + t * frame_bytes();
    if (t > 0 && plan.frames[t] == plan.frames[t - 1]) {
      std::memcpy(slot, slot - frame_bytes(), frame_bytes());
      continue;
    }
    const std::filesystem::path path = frame_path(folder, clip, plan.frames[t]);
    decoder_.decode(read_file(path, kFrameFileLimit), path.string(), frame_);
    if (!resizer || frame_.width_px != resizer_width_px || frame_.height_px != resizer_height_px) {
      resizer_width_px = frame_.width_px;
      resizer_height_px = frame_.height_px;
      resizer.emplace(frame_.width_px, frame_.height_px,
                      crop_rectangle(plan, frame_.width_px, frame_.height_px), resize);
    }
    resizer->apply(frame_, slot);
  }
}

}  // namespace ferv::data
