// SPDX-License-Identifier: Apache-2.0
// How rendered films leave this room: it paints, and does not know how films are coded (that needs libav).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "ferv/media/image.h"

namespace ferv::synth {

/// What a film is like before its first frame.
struct FilmFormat {
  int width_px = 0;  ///< as shown, after rotation
  int height_px = 0;
  double frame_rate_hz = 25;         ///< of a constant rate; the mean of a variable one
  bool variable_frame_rate = false;  ///< times are then whole multiples of 1/90000 s
  /// Clockwise turn that players are asked for, 0, 90, 180 or 270: the film is stored turned the other way.
  int rotation_degrees = 0;
};

/// A film on its way to disk. Gone without finish() it leaves nothing behind.
class FilmFile {
 public:
  virtual ~FilmFile() = default;
  /// `image` as a viewer sees it, in the size of the format. Times rise.
  virtual void write(const media::Image& image, double timestamp_s) = 0;
  /// The film appears under its name.
  virtual void finish() = 0;
};

/// Opens a film to write to; called from several threads at once.
using FilmOpener =
    std::function<std::unique_ptr<FilmFile>(const std::filesystem::path& path, const FilmFormat& format)>;

}  // namespace ferv::synth
