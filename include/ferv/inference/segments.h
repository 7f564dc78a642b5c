// SPDX-License-Identifier: Apache-2.0
// Stretches of film in which one face has one label.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/inference/timeline.h"

namespace ferv::inference {

/// From the first frame of a run of one label to the first frame after it; a frame lasts until the next one,
/// the last of a film as long as the one before.
struct Segment {
  int face_id = 0;
  double begin_s = 0;
  double end_s = 0;             ///< equals begin_s for a single picture, which has no length
  int label = -1;               ///< -1: uncertain
  double mean_probability = 0;  ///< of the label; of the likeliest one where it is uncertain
  std::int64_t frame_count = 0;

  [[nodiscard]] double length_s() const { return end_s - begin_s; }
};

/// The order of lists of segments: of begin, then of face.
[[nodiscard]] bool comes_before(const Segment& a, const Segment& b);

/// Takes the rows of a film in order. Memory: a few bytes a segment.
class SegmentBuilder {
 public:
  void add(const TimelineRow& row);
  /// All segments as they stand after the last row, in order of begin, then of face.
  [[nodiscard]] std::vector<Segment> segments() const;

 private:
  struct Open {
    Segment segment;  ///< mean_probability holds the sum
    std::int64_t last_frame = 0;
  };
  void close_absent();
  void close(const Open& open, double end_s);

  std::vector<Segment> closed_;
  std::map<int, Open> open_;  ///< by face
  std::int64_t frame_ = -1;
  double timestamp_s_ = 0;
  double last_step_s_ = 0;
};

/// The segment's label, or "uncertain".
[[nodiscard]] std::string_view label_text(const Segment& segment, const std::vector<std::string>& classes);

/// CSV with header `start_s,end_s,face_id,label,mean_probability`: seconds and probability with 6 decimals.
[[nodiscard]] std::string segments_csv(const std::vector<Segment>& segments,
                                       const std::vector<std::string>& classes);

}  // namespace ferv::inference
