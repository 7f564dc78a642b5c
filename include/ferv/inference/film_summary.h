// SPDX-License-Identifier: Apache-2.0
// What a film's timeline says on the whole, and of each person.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ferv/inference/segments.h"
#include "ferv/inference/timeline.h"

namespace ferv::inference {

/// How often and how long one label held without a break.
struct Episodes {
  std::int64_t count = 0;
  double longest_s = 0;
};

/// One face as long as it is followed.
struct PersonSummary {
  int face_id = 0;
  double first_s = 0;      ///< when it is first seen
  double last_s = 0;       ///< when it is gone
  double on_screen_s = 0;  ///< without the gaps between
  std::int64_t frame_count = 0;
  std::vector<double> label_shares;  ///< [K], of its frames; what is missing to 1 is uncertain
  double uncertain_share = 0;
  std::vector<Episodes> episodes;  ///< [K]
  Episodes uncertain_episodes;

  /// One line: "person 1: 12.3 s on screen; Happy 61 % (4 times, longest 2.1 s), uncertain 9 % (...)".
  [[nodiscard]] std::string text(const std::vector<std::string>& classes) const;
};

/// In order of face ids. `class_count` is K.
[[nodiscard]] std::vector<PersonSummary> summarise_persons(const std::vector<Segment>& segments,
                                                           std::size_t class_count);

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
  /// [K], of all faces in all frames; empty when there are none. What is missing to 1 is uncertain.
  [[nodiscard]] std::vector<double> label_shares() const;
  /// Of all faces in all frames; 0 when there are none.
  [[nodiscard]] double uncertain_share() const;
  [[nodiscard]] std::vector<Segment> segments() const { return segments_.segments(); }
  [[nodiscard]] std::vector<PersonSummary> persons() const;
  /// One line: "472 frames, 19.7 s; face in 472 frames, 19.7 s; Happy 61 %, Sad 30 %, uncertain 9 %", or "no
  /// face found in 97 frames"; with several faces, how many.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::int64_t answered_or_uncertain() const;
  [[nodiscard]] std::string shares_text() const;

  std::vector<std::string> classes_;
  SegmentBuilder segments_;
  std::vector<std::int64_t> label_counts_;
  std::int64_t uncertain_count_ = 0;
  std::int64_t frame_count_ = 0;
  std::int64_t frame_count_with_face_ = 0;
  std::int64_t last_frame_ = -1;
  double elapsed_s_ = 0;
  double elapsed_with_face_s_ = 0;
  double last_timestamp_s_ = 0;
  double last_step_s_ = 0;
  bool last_had_face_ = false;
};

}  // namespace ferv::inference
