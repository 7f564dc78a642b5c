// SPDX-License-Identifier: Apache-2.0
// One clip from its files to its slot in a batch: decode, crop, resize and flip in one pass, then what else
// augmentation wants.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "clip_plan.h"
#include "ferv/base/clip_spec.h"
#include "ferv/data/streams.h"
#include "ferv/media/jpeg.h"

namespace ferv::data {

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
  void read_frames(Stream stream, const Clip& clip, const ClipPlan& plan, const FrameBlock& block);
  void augment_frame(Stream stream, const ClipPlan& plan, const FrameBlock& frame);
  [[nodiscard]] const std::filesystem::path& folder_of(Stream stream) const;

  const ClipIndex& index_;
  ClipSpec spec_;
  std::vector<Stream> streams_;
  media::JpegDecoder decoder_;
  media::Image frame_;
  std::vector<std::uint8_t> scratch_;
};

}  // namespace ferv::data
