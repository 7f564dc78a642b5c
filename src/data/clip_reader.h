// SPDX-License-Identifier: Apache-2.0
// One clip from its files to its slot in a batch: sample, decode, crop, resize and flip in one pass.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
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
  double crop_log_ratio = 0.0;  ///< log of width / height, both as shares of the picture's
  double crop_x = 0.5;          ///< position of the free space, in [0, 1]
  double crop_y = 0.5;
  bool flip = false;
};

/// A pure function of the clip's length, the options and the seed. Test samples ignore the seed.
[[nodiscard]] ClipPlan plan_clip(int frame_count, const LoaderOptions& options, std::uint64_t seed);

/// The rectangle of a plan in a picture of this size; always inside the picture, and the same share of it
/// whatever its size and shape: a scene is cropped as its face crop is.
[[nodiscard]] media::Rectangle crop_rectangle(const ClipPlan& plan, int width_px, int height_px);

/// Throws kNotFound when a stream's folder is not there: names the folder, the stream that asks for it, and
/// the streams that need none.
void require_stream_folders(const ClipIndex& index, std::span<const Stream> streams);

/// Decoder and scratch memory of one thread.
class ClipReader {
 public:
  /// `index` must outlive the reader.
  ClipReader(const ClipIndex& index, const ClipSpec& spec, std::vector<Stream> streams)
      : index_(index), spec_(spec), streams_(std::move(streams)) {}

  /// Writes uint8 [T, H, W, 3] of the clip at `position` to `targets[s]` for every stream s. Throws
  /// kNotFound, kCorruptData with the frame's path.
  void read(std::size_t position, const ClipPlan& plan, std::span<std::uint8_t* const> targets);

 private:
  void read_frames(const std::filesystem::path& folder, const Clip& clip, const ClipPlan& plan,
                   std::uint8_t* target);
  [[nodiscard]] std::size_t frame_bytes() const;

  const ClipIndex& index_;
  ClipSpec spec_;
  std::vector<Stream> streams_;
  media::JpegDecoder decoder_;
  media::Image frame_;
};

}  // namespace ferv::data
