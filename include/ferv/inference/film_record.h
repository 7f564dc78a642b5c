// SPDX-License-Identifier: Apache-2.0
// The whole timeline of a film at hand, for what is drawn of it: pictures and curves.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ferv/inference/timeline.h"

namespace ferv::inference {

/// Takes the rows of a film in order and keeps them: about 250 bytes a face and frame, and 1100 more where
/// landmarks are kept.
class FilmRecord {
 public:
  explicit FilmRecord(bool keep_landmarks) : keep_landmarks_(keep_landmarks) {}

  void add(TimelineRow row);

  [[nodiscard]] std::size_t frame_count() const { return timestamps_s_.size(); }
  /// When each frame is shown.
  [[nodiscard]] const std::vector<double>& timestamps_s() const { return timestamps_s_; }
  /// How long the last frame is shown: as long as the one before; 0.04 s for a single picture.
  [[nodiscard]] double last_step_s() const;
  /// The faces of a frame, in order of ids; empty where there are none and beyond the last frame.
  [[nodiscard]] std::span<const TimelineRow> faces_of(std::size_t frame) const;
  /// All faces of all frames.
  [[nodiscard]] const std::vector<TimelineRow>& faces() const { return faces_; }

 private:
  bool keep_landmarks_;
  std::vector<TimelineRow> faces_;
  std::vector<std::size_t> first_face_;  ///< of each frame, in faces_
  std::vector<double> timestamps_s_;
};

}  // namespace ferv::inference
