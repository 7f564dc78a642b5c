// SPDX-License-Identifier: Apache-2.0
#include "clip_reader.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "ferv/base/error.h"
#include "ferv/data/frame_store.h"
#include "stream_pixels.h"

namespace ferv::data {
void require_stream_folders(const ClipIndex& index, std::span<const Stream> streams) {
  for (const Stream stream : streams) {
    const bool is_scene_missing = stream == Stream::kScene && index.scene_folder.empty();
    const bool is_flow_missing = stream == Stream::kFlow && index.flow_folder.empty();
    if (index.store && (is_scene_missing || is_flow_missing)) {
      const std::string name(to_string(stream));
      throw not_found(index.root, "the pictures that stream '" + name +
                                      "' shows, put there by `ferv data pack --" + name +
                                      "`; the streams face and diff need none");
    }
    if (is_scene_missing) {
      throw not_found(index.root / "3_ClipsforScenImages",
                      "the scene frames that stream 'scene' shows; the streams face and diff need none");
    }
    if (is_flow_missing) {
      throw not_found(index.root / "5_OpticalFlow",
                      "the pictures that stream 'flow' shows, made by `ferv data flow`; the streams face and "
                      "diff need none");
    }
  }
}

const media::Image& ClipReader::load_frame(std::size_t position, Stream stream, int frame) {
  if (cache_ != nullptr) {
    cached_ = cache_->find(position, stream, frame);
    if (cached_) return *cached_;
  }
  const StoredFrame stored = stored_frame(index_, {index_.clips[position], stream, frame}, file_bytes_);
  if (stored.raw_size_px == 0) {
    // Flow is no colour: its channels must not be mixed up by how a picture is decoded.
    const bool is_colour = stream != Stream::kFlow;
    decoder_.decode(stored.bytes, stored.name, frame_,
                    {.shown_side_px = is_colour ? std::max(spec_.width_px, spec_.height_px) : 0});
  } else {
    frame_.width_px = frame_.height_px = stored.raw_size_px;
    frame_.pixels.assign(stored.bytes.begin(), stored.bytes.end());
  }
  if (cache_ != nullptr) cache_->insert(position, stream, frame, frame_);
  return frame_;
}

void ClipReader::read(std::size_t position, const ClipPlan& plan, std::span<std::uint8_t* const> targets) {
  const auto block_of = [&](std::uint8_t* target) {
    return FrameBlock{target, plan.frames.size(), spec_.width_px, spec_.height_px};
  };
  const std::uint8_t* face = nullptr;
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    const FrameBlock block = block_of(targets[s]);
    // The faces of an earlier stream are the same pixels: no second decoding.
    if (streams_[s] == Stream::kDiff && face != nullptr)
      std::memcpy(targets[s], face, block.all().size());
    else
      read_frames({position, streams_[s], plan}, block);
    if (streams_[s] == Stream::kFace) face = targets[s];
    if (streams_[s] == Stream::kDiff) difference_in_place(block.all(), block.frame_bytes());
  }
  if (!plan.erase) return;
  // Last of all, so that differences do not see the rectangle.
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    constexpr std::uint8_t kStill = kStillCode;
    const std::uint8_t blue = streams_[s] == Stream::kFlow ? 0 : kStill;  // the magnitude of flow
    erase_rectangle(block_of(targets[s]), *plan.erase, {kStill, kStill, blue});
  }
}

void ClipReader::read_frames(const Work& work, const FrameBlock& block) {
  const ClipPlan& plan = work.plan;
  const Stream stored = work.stream == Stream::kDiff ? Stream::kFace : work.stream;
  const media::ResizeOptions resize{
      .width_px = spec_.width_px, .height_px = spec_.height_px, .flip = plan.flip};
  std::optional<media::Resizer> resizer;
  int resizer_width_px = 0;
  int resizer_height_px = 0;
  for (std::size_t t = 0; t < plan.frames.size(); ++t) {
    std::uint8_t* slot = block.pixels + t * block.frame_bytes();
    if (t > 0 && plan.frames[t] == plan.frames[t - 1]) {
      std::memcpy(slot, slot - block.frame_bytes(), block.frame_bytes());
      continue;
    }
    const media::Image& picture = load_frame(work.position, stored, plan.frames[t]);
    if (!resizer || picture.width_px != resizer_width_px || picture.height_px != resizer_height_px) {
      resizer_width_px = picture.width_px;
      resizer_height_px = picture.height_px;
      resizer.emplace(picture.width_px, picture.height_px,
                      crop_rectangle(plan, picture.width_px, picture.height_px), resize);
    }
    resizer->apply(picture, slot);
    augment_frame(work.stream, plan, {slot, 1, block.width_px, block.height_px});
  }
}

void ClipReader::augment_frame(Stream stream, const ClipPlan& plan, const FrameBlock& frame) {
  const bool is_flow = stream == Stream::kFlow;
  if (is_flow && plan.flip) negate_horizontal_flow(frame.all());
  if (plan.rotation_radians != 0) {
    rotate_frame(frame, plan.rotation_radians, scratch_);
    if (is_flow) rotate_flow(frame.all(), plan.rotation_radians);
  }
  if (plan.colour && !is_flow) apply_colour(frame.all(), *plan.colour);
}

}  // namespace ferv::data
