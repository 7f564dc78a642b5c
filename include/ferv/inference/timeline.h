// SPDX-License-Identifier: Apache-2.0
// What is said of every frame of a film, and its summary.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/face/face.h"

namespace ferv::inference {

/// One frame. Without a face `face_id` is 0, `label` is -1 and `probabilities` is empty: never zeros.
struct TimelineRow {
  std::int64_t frame = 0;
  double timestamp_s = 0;
  int face_id = 0;
  face::FaceOrigin origin = face::FaceOrigin::kDetected;
  double confidence = 0;  ///< of the face detector
  media::Rectangle box;
  int label = -1;                     ///< index of the largest probability
  bool is_uncertain = false;          ///< that probability is too small to give the label as an answer
  std::vector<double> probabilities;  ///< [K], the mean over all windows that hold this frame
};

using RowSink = std::function<void(const TimelineRow&)>;

/// "frame,timestamp_s,face,label,p_Happy,...\n".
[[nodiscard]] std::string timeline_header(const std::vector<std::string>& classes);
/// A line of the CSV: timestamp and probabilities with 6 decimals; label and probabilities empty without a
/// face, label "uncertain" where the model does not answer.
[[nodiscard]] std::string timeline_line(const TimelineRow& row, const std::vector<std::string>& classes);

/// Counts what rows say. Add them in order.
class TimelineSummary {
 public:
  explicit TimelineSummary(std::vector<std::string> classes);
  void add(const TimelineRow& row);

  [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
  [[nodiscard]] std::int64_t frame_count() const { return frame_count_; }
  [[nodiscard]] std::int64_t frame_count_with_face() const { return frame_count_with_face_; }
  /// From the first frame to the end of the last; a frame lasts until the next one, the last as long as the
  /// one before.
  [[nodiscard]] double duration_s() const;
  [[nodiscard]] double with_face_s() const;
  /// [K], of the frames with a face; empty when there are none. What is missing to 1 is uncertain.
  [[nodiscard]] std::vector<double> label_shares() const;
  /// Of the frames with a face; 0 when there are none.
  [[nodiscard]] double uncertain_share() const;
  /// One line: "472 frames, 19.7 s; face in 472 frames, 19.7 s; Happy 61 %, Sad 30 %, uncertain 9 %", or "no
  /// face found in 97 frames".
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::int64_t answered_or_uncertain() const;

  std::vector<std::string> classes_;
  std::vector<std::int64_t> label_counts_;
  std::int64_t uncertain_count_ = 0;
  std::int64_t frame_count_ = 0;
  std::int64_t frame_count_with_face_ = 0;
  double elapsed_s_ = 0;
  double elapsed_with_face_s_ = 0;
  double last_timestamp_s_ = 0;
  double last_step_s_ = 0;
  bool last_had_face_ = false;
};

/// What every program that shows predictions must say with them.
[[nodiscard]] std::string_view prediction_notice() noexcept;

}  // namespace ferv::inference
