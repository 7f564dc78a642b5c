// SPDX-License-Identifier: Apache-2.0
// A film, a picture or a folder of pictures, seen as one stream of frames with time stamps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ferv/media/image.h"

namespace ferv::media {

/// A frame as a viewer sees it: rotated and stretched as the file asks for.
struct VideoFrame {
  Image image;
  std::int64_t index = 0;  ///< counts the frames handed out, from 0, in the order they are shown
  /// When the frame is shown, in seconds after the start of the film: from the frame's own stamp, never from
  /// its index, so that a variable frame rate is kept. Never decreases from one frame to the next.
  double timestamp_s = 0;
};

/// What a source knows before it has read a frame. Names say where a number comes from: headers may lie.
struct VideoMetadata {
  std::string format;  ///< "mov,mp4,m4a,3gp,3g2,mj2", "picture", "folder of pictures"
  std::string codec;   ///< "h264", "hevc", ...; empty for pictures
  int width_px = 0;    ///< as shown, after rotation; of the first picture for a folder, 0 when not known yet
  int height_px = 0;
  /// Clockwise turn that the file asks for and the reader has applied: 0, 90, 180 or 270.
  int rotation_degrees = 0;
  std::optional<std::int64_t> frame_count_from_header;
  std::optional<double> duration_s_from_header;
  std::optional<double> frame_rate_hz_from_header;  ///< mean rate
};

/// A stream of frames. Holds one frame at a time, however long the film is. Not thread-safe.
class VideoSource {
 public:
  virtual ~VideoSource() = default;
  /// Reads the next frame into `frame`, whose memory is used again; false after the last one. Throws
  /// kCorruptData when there is no readable frame at all, or when a picture of a folder is damaged.
  [[nodiscard]] virtual bool read(VideoFrame& frame) = 0;
  [[nodiscard]] virtual const VideoMetadata& metadata() const = 0;
  /// What was wrong with the input although frames came out of it: a truncated tail, frames that could not be
  /// decoded. Empty when nothing was; complete once read() has returned false.
  [[nodiscard]] virtual std::string warning() const { return {}; }
};

struct VideoSourceOptions {
  /// Pictures of a folder carry no time: they are taken to follow each other at this rate.
  double picture_rate_hz = 25;
  /// Threads of the decoder, 0 = all cores this process may use, at most 4.
  int decoder_threads = 0;
};

/// Opens `path` by what it is: a folder of JPEG and PNG pictures (in natural order: 2.jpg before 10.jpg), a
/// picture (one frame at time 0), a film, or a camera ("camera:0" or "/dev/video0": frames until nobody reads
/// on; time counts from the first). Throws kNotFound; kCorruptData for a file that is none of these, a film
/// without a video stream and a folder without pictures; kUnsupported for cameras in builds without
/// libavdevice.
[[nodiscard]] std::unique_ptr<VideoSource> open_video_source(const std::filesystem::path& path,
                                                             const VideoSourceOptions& options = {});

/// Whether `path` is one of a camera. Throws kInvalidArgument for "camera:" without a number.
[[nodiscard]] bool is_camera(const std::filesystem::path& path);

/// Compares names as people do: runs of digits by their value ("frame9" < "frame10"), the rest byte by byte.
[[nodiscard]] bool natural_less(const std::string& a, const std::string& b);

}  // namespace ferv::media
