// SPDX-License-Identifier: Apache-2.0
#include "film_opener.h"

#include "ferv/base/error.h"

#if defined(FERV_HAS_VIDEO) && FERV_PROGRAM_FULL
#include "ferv/media/turn.h"
#include "ferv/media/video_writer.h"
#endif

namespace ferv::app {

#if defined(FERV_HAS_VIDEO) && FERV_PROGRAM_FULL
namespace {

/// Stores the film turned back by what players are asked to turn it.
media::VideoWriterOptions writer_options(const synth::FilmFormat& format) {
  media::VideoWriterOptions options;
  options.width_px = format.width_px;
  options.height_px = format.height_px;
  if (format.rotation_degrees % 180 != 0) std::swap(options.width_px, options.height_px);
  options.frame_rate_hz = format.frame_rate_hz;
  options.variable_frame_rate = format.variable_frame_rate;
  options.rotation_degrees = format.rotation_degrees;
  return options;
}

class LibavFilm : public synth::FilmFile {
 public:
  LibavFilm(const std::filesystem::path& path, const synth::FilmFormat& format)
      : format_(format), writer_(path, writer_options(format)) {}

  void write(const media::Image& image, double timestamp_s) override {
    const media::Image stored = media::turn(image, (360 - format_.rotation_degrees) % 360);
    if (format_.variable_frame_rate) {
      writer_.write_at(stored, timestamp_s);
    } else {
      writer_.write(stored);
    }
  }
  void finish() override { writer_.finish(); }

 private:
  synth::FilmFormat format_;
  media::VideoWriter writer_;
};

}  // namespace

synth::FilmOpener film_opener() {
  return [](const std::filesystem::path& path, const synth::FilmFormat& format) {
    return std::make_unique<LibavFilm>(path, format);
  };
}
#else
synth::FilmOpener film_opener() {
  throw unsupported("films: this build of ferv has no video stack (FERV_WITH_VIDEO=OFF)");
}
#endif

}  // namespace ferv::app
