// SPDX-License-Identifier: Apache-2.0
// One clip from its files to its slot in a batch: decode, crop, resize and flip in one pass, then what else
// augmentation wants.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "clip_plan.h"
#include "ferv/base/clip_spec.h"
#include "ferv/data/frame_store.h"
#include "ferv/data/streams.h"
#include "ferv/media/jpeg.h"
#include "frame_cache.h"

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

  /// Looks frames up in `cache`, and puts them there; it must outlive the reader.
  void use_cache(FrameCache& cache) { cache_ = &cache; }

  /// Writes uint8 [T, H, W, 3] of the clip at `position` to `targets[s]` for every stream s. Throws
  /// kNotFound, kCorruptData with the frame's path.
  void read(std::size_t position, const ClipPlan& plan, std::span<std::uint8_t* const> targets);

 private:
  struct Work {
    std::size_t position;
    Stream stream;
    const ClipPlan& plan;
  };
  void read_frames(const Work& work, const FrameBlock& block);
  void augment_frame(Stream stream, const ClipPlan& plan, const FrameBlock& frame);
  [[nodiscard]] const media::Image& load_frame(std::size_t position, Stream stream, int frame);

  const ClipIndex& index_;
  ClipSpec spec_;
  std::vector<Stream> streams_;
  media::PictureDecoder decoder_;
  media::Image frame_;
  FrameCache* cache_ = nullptr;
  std::shared_ptr<const media::Image> cached_;  ///< holds what load_frame() gave out
  std::vector<std::uint8_t> scratch_;
  std::vector<std::uint8_t> file_bytes_;
};

}  // namespace ferv::data
