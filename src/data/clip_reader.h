// SPDX-License-Identifier: Apache-2.0
// One clip from its files to its slot in a batch: sample, decode, crop, resize and flip in one pass.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "ferv/base/clip_spec.h"
#include "ferv/data/batch_loader.h"
#include "ferv/media/jpeg.h"

namespace ferv::data {

/// Everything about a sample that is decided by its seed, before any file is read.
struct ClipPlan {
  std::vector<int> frames;      ///< rising, spec.frame_count of them
  bool crop = false;            ///< else the whole picture
  double crop_area = 1.0;       ///< share of the picture
  double crop_log_ratio = 0.0;  ///< log of width / height
  double crop_x = 0.5;          ///< position of the free space, in [0, 1]
  double crop_y = 0.5;
  bool flip = false;
};

/// A pure function of the clip's length, the options and the seed. Test samples ignore the seed.
[[nodiscard]] ClipPlan plan_clip(int frame_count, const LoaderOptions& options, std::uint64_t seed);

/// The rectangle of a plan in a picture of this size; always inside the picture.
[[nodiscard]] media::Rectangle crop_rectangle(const ClipPlan& plan, int width_px, int height_px);

/// Decoder and scratch memory of one thread.
class ClipReader {
 public:
  /// Writes uint8 [T, H, W, 3] to `target`. Throws kNotFound, kCorruptData with the frame's path.
  void read(const std::filesystem::path& folder, const Clip& clip, const ClipPlan& plan, const ClipSpec& spec,
            std::uint8_t* target);

 private:
  media::JpegDecoder decoder_;
  media::Image frame_;
};

}  // namespace ferv::data
