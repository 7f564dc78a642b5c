// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/readable_segments.h"

#include <algorithm>
#include <map>

namespace ferv::inference {
namespace {

/// Their frames' mean, not theirs.
double joint_probability(const Segment& a, const Segment& b) {
  const auto frames_a = static_cast<double>(a.frame_count);
  const auto frames_b = static_cast<double>(b.frame_count);
  return (a.mean_probability * frames_a + b.mean_probability * frames_b) / (frames_a + frames_b);
}

/// The segments of one face, as they come.
class FaceSegments {
 public:
  FaceSegments(double shortest_s, std::vector<Segment>& done) : shortest_s_(shortest_s), done_(done) {}

  void add(const Segment& segment) {
    if (!flicker_.empty() && flicker_.back().end_s < segment.begin_s) settle();
    if (segment.length_s() < shortest_s_) {
      flicker_.push_back(segment);
      return;
    }
    settle();
    append(segment);
  }

  void end() {
    settle();
    if (open_.frame_count > 0) done_.push_back(open_);
  }

 private:
  /// Decides what the short segments since the last long one are.
  void settle() {
    if (flicker_.empty()) return;
    Segment joint = flicker_.front();
    for (std::size_t i = 1; i < flicker_.size(); ++i) {
      joint.mean_probability = joint_probability(joint, flicker_[i]);
      joint.frame_count += flicker_[i].frame_count;
      joint.end_s = flicker_[i].end_s;
    }
    if (flicker_.size() > 1) joint.label = -1;
    flicker_.clear();
    if (joint.length_s() < shortest_s_ && follows_open(joint)) {
      open_.end_s = joint.end_s;
      return;
    }
    append(joint);
  }

  void append(const Segment& segment) {
    if (follows_open(segment) && open_.label == segment.label) {
      open_.mean_probability = joint_probability(open_, segment);
      open_.frame_count += segment.frame_count;
      open_.end_s = segment.end_s;
      return;
    }
    if (open_.frame_count > 0) done_.push_back(open_);
    open_ = segment;
  }

  [[nodiscard]] bool follows_open(const Segment& segment) const {
    return open_.frame_count > 0 && open_.end_s >= segment.begin_s;
  }

  double shortest_s_;
  std::vector<Segment>& done_;
  std::vector<Segment> flicker_;  ///< short ones that follow each other without a gap
  Segment open_;                  ///< without frames: there is none
};

}  // namespace

std::vector<Segment> readable_segments(const std::vector<Segment>& segments, double shortest_s) {
  std::vector<Segment> done;
  std::map<int, FaceSegments> faces;
  for (const Segment& segment : segments)
    faces.try_emplace(segment.face_id, shortest_s, done).first->second.add(segment);
  for (auto& [face, of_face] : faces) of_face.end();
  std::sort(done.begin(), done.end(), comes_before);
  return done;
}

}  // namespace ferv::inference
