// SPDX-License-Identifier: Apache-2.0
#include "frame_cache.h"

namespace ferv::data {

std::uint64_t FrameCache::key_of(std::size_t position, Stream stream, int frame) {
  // A clip has at most 100000 frames, which 20 bits hold.
  return std::uint64_t{position} << 24 | static_cast<std::uint64_t>(stream) << 20 |
         static_cast<std::uint64_t>(frame);
}

std::shared_ptr<const media::Image> FrameCache::find(std::size_t position, Stream stream, int frame) const {
  const std::uint64_t key = key_of(position, stream, frame);
  const Shard& shard = shards_[shard_of(key)];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.frames.find(key);
  return found == shard.frames.end() ? nullptr : found->second;
}

void FrameCache::insert(std::size_t position, Stream stream, int frame, const media::Image& image) {
  const std::size_t bytes = image.pixels.size();
  if (byte_count_.fetch_add(bytes) + bytes > byte_cap_) {
    byte_count_ -= bytes;
    return;
  }
  const std::uint64_t key = key_of(position, stream, frame);
  Shard& shard = shards_[shard_of(key)];
  const std::lock_guard lock(shard.mutex);
  const bool is_new = shard.frames.try_emplace(key, std::make_shared<const media::Image>(image)).second;
  if (!is_new) byte_count_ -= bytes;
}

}  // namespace ferv::data
