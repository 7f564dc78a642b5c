// SPDX-License-Identifier: Apache-2.0
// Films out (libav): H.264 where the build of libav has it, MPEG-4 part 2 otherwise.
#pragma once

#include <filesystem>
#include <memory>

#include "ferv/media/image.h"

namespace ferv::media {

struct VideoWriterOptions {
  int width_px = 0;
  int height_px = 0;  ///< odd sizes are kept (4:4:4 chroma then, which some players refuse)
  double frame_rate_hz = 25;
  /// Times come with the frames (write_at), in steps of 1/90000 s; frame_rate_hz is then the length of the
  /// last frame.
  bool variable_frame_rate = false;
  int quality = 20;            ///< 0 (lossless) to 51 (worst): x264's constant rate factor
  int keyframe_interval = 50;  ///< frames
  /// Clockwise turn that players are asked to apply: 0, 90, 180 or 270. The pixels stay as they are given.
  int rotation_degrees = 0;
};

/// Writes under a temporary name beside `path` and renames in finish(), so that there is the whole film or
/// none: a writer that goes without finish() leaves nothing behind. The container follows from the extension
/// (.mp4, .mkv, .avi, .mov). The same frames give the same bytes. Not thread-safe. Throws kInvalidArgument
/// for impossible options or frames, kIo when the system refuses to write.
class VideoWriter {
 public:
  VideoWriter(const std::filesystem::path& path, const VideoWriterOptions& options);
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  /// Appends a frame at the next tick of the frame rate.
  void write(const Image& image);
  /// Appends a frame at a time that is later than the last one's; only with variable_frame_rate.
  void write_at(const Image& image, double timestamp_s);
  /// Completes the film and gives it its name. Call once; at least one frame must have been written.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::media
