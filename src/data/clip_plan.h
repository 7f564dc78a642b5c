// SPDX-License-Identifier: Apache-2.0
// Everything about a sample that is decided by its seed, before any file is read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "augment_pixels.h"
#include "ferv/data/batch_loader.h"
#include "ferv/media/image.h"

namespace ferv::data {

struct ClipPlan {
  std::vector<int> frames;      ///< spec.frame_count of them
  bool crop = false;            ///< else the whole picture
  double crop_area = 1.0;       ///< share of the picture
  double crop_log_ratio = 0.0;  ///< log of width / height, both as shares of the picture's
  double crop_x = 0.5;          ///< position of the free space, in [0, 1]
  double crop_y = 0.5;
  bool flip = false;
  double rotation_radians = 0;            ///< counter-clockwise as seen
  std::optional<ColourMatrix> colour;     ///< of face and scene
  std::optional<media::Rectangle> erase;  ///< in shares of the frame's width and height
};

/// A pure function of the clip's length, the options and the seed. Test samples ignore the seed.
[[nodiscard]] ClipPlan plan_clip(int frame_count, const LoaderOptions& options, std::uint64_t seed);

/// The rectangle of a plan in a picture of this size; always inside the picture, and the same share of it
/// whatever its size and shape: a scene is cropped as its face crop is.
[[nodiscard]] media::Rectangle crop_rectangle(const ClipPlan& plan, int width_px, int height_px);

}  // namespace ferv::data
