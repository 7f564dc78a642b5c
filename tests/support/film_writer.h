// SPDX-License-Identifier: Apache-2.0
// Lets synth write real films in tests.
#pragma once

#include <memory>

#include "ferv/media/video_writer.h"
#include "ferv/synth/film_file.h"

namespace ferv::test {

/// Films as they are shown: rotation is left to the program's own writer.
class FilmWriter : public synth::FilmFile {
 public:
  FilmWriter(const std::filesystem::path& path, const synth::FilmFormat& format)
      : is_variable_(format.variable_frame_rate),
        writer_(path, {.width_px = format.width_px,
                       .height_px = format.height_px,
                       .frame_rate_hz = format.frame_rate_hz,
                       .variable_frame_rate = format.variable_frame_rate}) {}

  void write(const media::Image& image, double timestamp_s) override {
    if (is_variable_)
      writer_.write_at(image, timestamp_s);
    else
      writer_.write(image);
  }
  void finish() override { writer_.finish(); }

 private:
  bool is_variable_;
  media::VideoWriter writer_;
};

inline synth::FilmOpener film_opener() {
  return [](const std::filesystem::path& path, const synth::FilmFormat& format) {
    return std::make_unique<FilmWriter>(path, format);
  };
}

}  // namespace ferv::test
