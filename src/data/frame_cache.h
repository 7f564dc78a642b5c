// SPDX-License-Identifier: Apache-2.0
// Decoded frames that stay in memory from one epoch to the next.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "ferv/data/streams.h"
#include "ferv/media/image.h"

namespace ferv::data {

/// Keeps what comes first until its cap is reached, and lets nothing go: epochs go round and round, where
/// dropping the least recently used frame would drop each one just before it is wanted. Thread-safe.
class FrameCache {
 public:
  explicit FrameCache(std::size_t byte_cap) : byte_cap_(byte_cap) {}

  /// nullptr when the frame is not there.
  [[nodiscard]] std::shared_ptr<const media::Image> find(std::size_t position, Stream stream,
                                                         int frame) const;
  /// Keeps a copy where the cap allows.
  void insert(std::size_t position, Stream stream, int frame, const media::Image& image);
  [[nodiscard]] std::size_t byte_count() const { return byte_count_; }

 private:
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::uint64_t, std::shared_ptr<const media::Image>> frames;
  };
  static std::uint64_t key_of(std::size_t position, Stream stream, int frame);
  static std::size_t shard_of(std::uint64_t key) { return (key ^ key >> 20) % kShards; }

  static constexpr std::size_t kShards = 16;
  std::size_t byte_cap_;
  std::atomic<std::size_t> byte_count_{0};
  std::array<Shard, kShards> shards_;
};

}  // namespace ferv::data
