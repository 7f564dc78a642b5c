// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "ferv/base/error.h"

namespace ferv::inference {
namespace {

constexpr std::string_view kUncertain = "uncertain";

}  // namespace

std::string timeline_header(const std::vector<std::string>& classes) {
  std::string line = "frame,timestamp_s,face,label";
  for (const std::string& name : classes) line += ",p_" + name;
  return line + "\n";
}

std::string timeline_line(const TimelineRow& row, const std::vector<std::string>& classes) {
  std::string line = fmt::format("{},{:.6f},{},", row.frame, row.timestamp_s, row.face_id);
  if (row.is_uncertain) {
    line += kUncertain;
  } else if (row.label >= 0) {
    line += classes.at(static_cast<std::size_t>(row.label));
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    line += row.probabilities.empty() ? "," : fmt::format(",{:.6f}", row.probabilities.at(i));
  }
  return line + "\n";
}

TimelineSummary::TimelineSummary(std::vector<std::string> classes)
    : classes_(std::move(classes)), label_counts_(classes_.size(), 0) {}

void TimelineSummary::add(const TimelineRow& row) {
  if (row.label >= static_cast<int>(classes_.size()))
    throw internal_error("a timeline row has a label beyond the classes");
  if (frame_count_ > 0) {
    last_step_s_ = row.timestamp_s - last_timestamp_s_;
    elapsed_s_ += last_step_s_;
    if (last_had_face_) elapsed_with_face_s_ += last_step_s_;
  }
  ++frame_count_;
  last_timestamp_s_ = row.timestamp_s;
  last_had_face_ = row.face_id != 0;
  if (last_had_face_) ++frame_count_with_face_;
  if (row.is_uncertain) {
    ++uncertain_count_;
  } else if (row.label >= 0) {
    ++label_counts_[static_cast<std::size_t>(row.label)];
  }
}

double TimelineSummary::duration_s() const {
  return elapsed_s_ + last_step_s_;
}

double TimelineSummary::with_face_s() const {
  return elapsed_with_face_s_ + (last_had_face_ ? last_step_s_ : 0);
}

std::vector<double> TimelineSummary::label_shares() const {
  const auto total = static_cast<double>(answered_or_uncertain());
  std::vector<double> shares;
  if (total > 0) {
    for (const std::int64_t count : label_counts_) shares.push_back(static_cast<double>(count) / total);
  }
  return shares;
}

double TimelineSummary::uncertain_share() const {
  const std::int64_t total = answered_or_uncertain();
  return total == 0 ? 0 : static_cast<double>(uncertain_count_) / static_cast<double>(total);
}

std::int64_t TimelineSummary::answered_or_uncertain() const {
  return std::accumulate(label_counts_.begin(), label_counts_.end(), uncertain_count_);
}

std::string TimelineSummary::text() const {
  const auto frames = [](std::int64_t count) {
    return fmt::format("{} frame{}", count, count == 1 ? "" : "s");
  };
  // A single picture has no length.
  const auto seconds = [&](double length_s) {
    return frame_count_ > 1 ? fmt::format(", {:.1f} s", length_s) : std::string();
  };
  if (frame_count_with_face_ == 0) return "no face found in " + frames(frame_count_) + seconds(duration_s());
  const bool in_all = frame_count_with_face_ == frame_count_;
  std::string line = frames(frame_count_) + seconds(duration_s()) + "; face in " +
                     (in_all ? "all frames" : frames(frame_count_with_face_) + seconds(with_face_s()));
  const std::vector<double> shares = label_shares();
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
  const char* separator = "; ";
  for (const std::size_t i : order) {
    if (label_counts_[i] == 0) break;
    line += fmt::format("{}{} {:.0f} %", separator, classes_[i], 100 * shares[i]);
    separator = ", ";
  }
  if (uncertain_count_ > 0)
    line += fmt::format("{}{} {:.0f} %", separator, kUncertain, 100 * uncertain_share());
  return line;
}

std::string_view prediction_notice() noexcept {
  return "labels say which expression a face looks like to a model, not what a person feels; their accuracy "
         "is limited (see the "
         "weights' metrics), and some jurisdictions restrict such use on people";
}

}  // namespace ferv::inference
