// SPDX-License-Identifier: Apache-2.0
// A film of two painted persons whose places and times are known, and a stand-in for a model that knows them
// apart.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

#include "ferv/inference/film_run.h"
#include "ferv/media/jpeg.h"
#include "ferv/media/video_writer.h"
#include "ferv/synth/dataset_writer.h"
#include "matchers.h"

namespace ferv::test {

inline constexpr int kFilmWidth = 480;
inline constexpr int kFilmHeight = 270;
inline constexpr int kFilmFrames = 40;
inline constexpr double kFilmFrameS = 0.04;
/// Person 2 comes into sight from frame kSecondBegin on and goes out of it from kSecondEnd on, within
/// kFadeFrames: a third of the picture that changes at once is a cut.
inline constexpr int kSecondBegin = 10;
inline constexpr int kSecondEnd = 30;
inline constexpr int kFadeFrames = 9;
inline constexpr int kFaceSide = 200;

/// Two painted faces: the first with hardly any green, the second with hardly any red.
inline const std::vector<media::Image>& two_faces() {
  static const std::vector<media::Image> faces = [] {
    const TemporaryFolder folder;
    synth::SynthOptions options;
    options.folder = folder / "faces";
    options.layout = "identities";
    options.identities = 2;
    options.pictures_per_identity = 1;
    options.seed = 3;
    options.threads = 1;
    (void)synth::write_data_set(options, {});
    std::vector<media::Image> list;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(options.folder)) {
      if (entry.path().extension() != ".jpg") continue;
      const media::Image face = media::read_picture(entry.path());
      list.push_back(media::crop_and_resize(
          face, {0, 0, static_cast<double>(face.width_px), static_cast<double>(face.height_px)}, kFaceSide,
          kFaceSide));
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
      for (std::size_t p = 0; p < list[i].pixels.size(); p += 3) {
        std::uint8_t& tinted = list[i].pixels[p + (i == 0 ? 1 : 0)];
        tinted = static_cast<std::uint8_t>(tinted * 7 / 10);
      }
    }
    return list;
  }();
  return faces;
}

/// Where a person's picture lies; it sways a little.
inline int left_of(int person, int frame) {
  return (person == 1 ? 20 : 260) + frame % 5;
}

/// How much of a person is in sight, 0 to 1.
inline double sight_of(int person, int frame) {
  if (person == 1) return 1;
  const int left = frame < kSecondEnd ? frame - kSecondBegin : kSecondEnd + kFadeFrames - 1 - frame;
  return std::clamp((left + 1) / static_cast<double>(kFadeFrames), 0.0, 1.0);
}

inline media::Image frame_of_two(int frame) {
  media::Image image(kFilmWidth, kFilmHeight);
  constexpr double kBackground = 104;
  std::fill(image.pixels.begin(), image.pixels.end(), static_cast<std::uint8_t>(kBackground));
  for (int person = 1; person <= 2; ++person) {
    const double sight = sight_of(person, frame);
    const media::Image& face = two_faces().at(static_cast<std::size_t>(person - 1));
    for (int y = 0; y < kFaceSide; ++y) {
      std::uint8_t* to = image.row(y + 35) + 3 * left_of(person, frame);
      for (std::size_t i = 0; i < face.row_bytes(); ++i)
        to[i] = static_cast<std::uint8_t>(kBackground + sight * (face.row(y)[i] - kBackground));
    }
  }
  return image;
}

inline void write_film_of_two(const std::filesystem::path& path) {
  media::VideoWriter writer(path, {.width_px = kFilmWidth, .height_px = kFilmHeight, .quality = 12});
  for (int i = 0; i < kFilmFrames; ++i) writer.write(frame_of_two(i));
  writer.finish();
}

/// Says Happy of the first person and Sad of the second, by their tint.
inline inference::FilmModel model_of_two() {
  inference::FilmModel model;
  model.classes = {"Happy", "Sad", "Neutral"};
  model.id = "stand_in";
  model.weights_hash = "xxh3:0";
  model.window.spec.frame_count = 4;
  model.window.spec.height_px = model.window.spec.width_px = 32;
  model.window.sampling = {2, 2, "segments"};
  model.window.class_count = 3;
  model.window.predict = [](std::span<const std::uint8_t> pixels, std::size_t count) {
    std::vector<double> answers;
    const std::size_t size = pixels.size() / count;
    for (std::size_t w = 0; w < count; ++w) {
      double red = 0, green = 0;
      for (std::size_t p = w * size; p < (w + 1) * size; p += 3) {
        red += pixels[p];
        green += pixels[p + 1];
      }
      const bool is_first = red / green > 1.3;
      answers.insert(answers.end(), {is_first ? 0.7 : 0.1, is_first ? 0.2 : 0.8, 0.1});
    }
    return answers;
  };
  return model;
}

inline inference::StreamOptions stream_options() {
  inference::StreamOptions options;
  options.windows.window_s = 0.4;
  options.windows.stride = 4;
  return options;
}

}  // namespace ferv::test
