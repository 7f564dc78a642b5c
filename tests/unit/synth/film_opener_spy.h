// SPDX-License-Identifier: Apache-2.0
// A film file that remembers when its frames are shown, and says so when it is finished.
#pragma once

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "ferv/synth/film_file.h"

namespace ferv::test {

class FilmOpenerSpy {
 public:
  using OnFinish = std::function<void(const std::filesystem::path& path, const std::vector<double>& times_s)>;

  explicit FilmOpenerSpy(OnFinish on_finish) : on_finish_(std::move(on_finish)) {}

  [[nodiscard]] synth::FilmOpener opener() const {
    return [on_finish = on_finish_](const std::filesystem::path& path, const synth::FilmFormat& format) {
      return std::make_unique<File>(on_finish, path, format);
    };
  }

 private:
  class File : public synth::FilmFile {
   public:
    File(OnFinish on_finish, std::filesystem::path path, const synth::FilmFormat& format)
        : on_finish_(std::move(on_finish)), path_(std::move(path)), format_(format) {}
    void write(const media::Image& image, double timestamp_s) override {
      EXPECT_EQ(image.width_px, format_.width_px);
      EXPECT_EQ(image.height_px, format_.height_px);
      times_s_.push_back(timestamp_s);
    }
    void finish() override { on_finish_(path_, times_s_); }

   private:
    OnFinish on_finish_;
    std::filesystem::path path_;
    synth::FilmFormat format_;
    std::vector<double> times_s_;
  };

  OnFinish on_finish_;
};

}  // namespace ferv::test
