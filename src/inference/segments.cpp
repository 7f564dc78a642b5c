// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace ferv::inference {

bool comes_before(const Segment& a, const Segment& b) {
  return std::tie(a.begin_s, a.face_id, a.end_s) < std::tie(b.begin_s, b.face_id, b.end_s);
}

void SegmentBuilder::add(const TimelineRow& row) {
  if (row.frame != frame_) {
    close_absent();
    if (frame_ >= 0) last_step_s_ = row.timestamp_s - timestamp_s_;
    frame_ = row.frame;
    timestamp_s_ = row.timestamp_s;
  }
  if (row.label < 0) return;
  const int label = row.is_uncertain ? -1 : row.label;
  const auto found = open_.find(row.face_id);
  if (found != open_.end() && found->second.segment.label != label) {
    close(found->second, row.timestamp_s);
    open_.erase(found);
  }
  Open& open = open_[row.face_id];
  if (open.segment.frame_count == 0) {
    open.segment.face_id = row.face_id;
    open.segment.begin_s = row.timestamp_s;
    open.segment.label = label;
  }
  open.segment.mean_probability += row.probabilities.at(static_cast<std::size_t>(row.label));
  ++open.segment.frame_count;
  open.last_frame = row.frame;
}

/// Ends the segments of faces that the frame, now complete, does not show.
void SegmentBuilder::close_absent() {
  for (auto open = open_.begin(); open != open_.end();) {
    if (open->second.last_frame == frame_) {
      ++open;
      continue;
    }
    close(open->second, timestamp_s_);
    open = open_.erase(open);
  }
}

void SegmentBuilder::close(const Open& open, double end_s) {
  Segment segment = open.segment;
  segment.end_s = end_s;
  segment.mean_probability /= static_cast<double>(segment.frame_count);
  closed_.push_back(segment);
}

std::vector<Segment> SegmentBuilder::segments() const {
  SegmentBuilder ended = *this;
  ended.close_absent();
  for (const auto& [face, open] : ended.open_) ended.close(open, timestamp_s_ + last_step_s_);
  std::sort(ended.closed_.begin(), ended.closed_.end(), comes_before);
  return std::move(ended.closed_);
}

std::string_view label_text(const Segment& segment, const std::vector<std::string>& classes) {
  if (segment.label < 0) return kUncertainLabel;
  return classes.at(static_cast<std::size_t>(segment.label));
}

std::string segments_csv(const std::vector<Segment>& segments, const std::vector<std::string>& classes) {
  std::string text = "start_s,end_s,face_id,label,mean_probability\n";
  for (const Segment& segment : segments) {
    text += fmt::format("{:.6f},{:.6f},{},{},{:.6f}\n", segment.begin_s, segment.end_s, segment.face_id,
                        label_text(segment, classes), segment.mean_probability);
  }
  return text;
}

}  // namespace ferv::inference
