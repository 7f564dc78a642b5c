// SPDX-License-Identifier: Apache-2.0
// Where the frames of a data set are kept when they are not files in folders.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ferv/data/clip_index.h"
#include "ferv/data/streams.h"

namespace ferv::data {

/// Which frame. `clip` must outlive the address.
struct FrameAddress {
  const Clip& clip;
  Stream stream = Stream::kFace;  ///< kFace, kScene or kFlow: differences are not stored
  int frame = 0;
};

/// One frame as it is stored.
struct StoredFrame {
  std::span<const std::uint8_t> bytes;  ///< a JPEG, or RGB pixels when raw_size_px is set
  int raw_size_px = 0;                  ///< width and height of raw pixels; 0 for a JPEG
  std::string name;                     ///< for messages: the path, or file, clip and frame
};

/// Frames by clip. Safe to read from several threads.
class FrameStore {
 public:
  virtual ~FrameStore() = default;
  /// Valid while the store lives. Throws kNotFound for what it does not hold, kCorruptData for a clip whose
  /// bytes are not those that were written.
  [[nodiscard]] virtual StoredFrame frame(const FrameAddress& address) const = 0;
};

/// The same for any data set: from its store, or from the file below its folder, read into `buffer`.
[[nodiscard]] StoredFrame stored_frame(const ClipIndex& index, const FrameAddress& address,
                                       std::vector<std::uint8_t>& buffer);

}  // namespace ferv::data
