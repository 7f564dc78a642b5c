// SPDX-License-Identifier: Apache-2.0
// Draws on the frames of a film what its timeline says, and hides faces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/inference/film_record.h"
#include "ferv/media/image.h"

namespace ferv::inference {

/// What remains of people in pictures that are written.
enum class Privacy : std::uint8_t {
  kNone,
  /// The heads that are followed become a few patches of colour, from half a second before they are found to
  /// half a second after they are lost. Heads that the detector never finds, and those beyond the limit of
  /// faces, stay as they are.
  kBlur,
  /// Nothing of the film: the landmarks of the faces as lines on black.
  kLandmarks,
};

/// "none", "blur", "landmarks"; throws kInvalidArgument.
[[nodiscard]] Privacy privacy_from_name(std::string_view name);

class FramePainter {
 public:
  /// `record` must outlive this, complete.
  FramePainter(const FilmRecord& record, std::vector<std::string> classes, Privacy privacy);

  /// Hides the faces of frame number `frame` as the privacy asks for.
  void hide_faces(media::Image& image, std::size_t frame) const;
  /// Box, number, label and probability of each face; prediction_notice() during the first seconds. Letters
  /// outside ASCII are drawn as "?".
  void annotate(media::Image& image, std::size_t frame) const;

 private:
  void hide_heads(media::Image& image, std::size_t frame) const;

  const FilmRecord& record_;
  std::vector<std::string> classes_;
  Privacy privacy_;
};

}  // namespace ferv::inference
