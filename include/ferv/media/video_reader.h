// SPDX-License-Identifier: Apache-2.0
// Films in (libav): frames as RGB with exact time stamps.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "ferv/media/video_source.h"

namespace ferv::media {

struct VideoReaderOptions {
  int decoder_threads = 0;  ///< 0 = all cores this process may use, at most 4
};

/// Reads the best video stream of a local file; sound is passed over. Only plain files are opened: no
/// network, no playlists, no references to other files.
///
/// - Time stamps are the stream's own, counted from the start of the container, so that they match a player's
/// clock.
///   A stream without stamps falls back to its frame rate.
/// - Rotation and mirroring by a display matrix are applied (multiples of 90 degrees), and pixels that are
/// not square
///   are made so.
/// - Frames that the decoder marks as damaged are left out; warning() says so, and says when the tail is
/// missing.
///
/// Construction throws kNotFound, or kCorruptData for what is not a film or has no video stream (cover
/// pictures of sound files do not count). read() throws kCorruptData when not one frame can be decoded.
class VideoReader : public VideoSource {
 public:
  explicit VideoReader(const std::filesystem::path& path, const VideoReaderOptions& options = {});
  ~VideoReader() override;
  VideoReader(const VideoReader&) = delete;
  VideoReader& operator=(const VideoReader&) = delete;

  [[nodiscard]] bool read(VideoFrame& frame) override;
  [[nodiscard]] const VideoMetadata& metadata() const override;
  [[nodiscard]] std::string warning() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::media
