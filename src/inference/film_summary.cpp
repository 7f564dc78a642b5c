// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "ferv/base/error.h"

namespace ferv::inference {
namespace {

/// Indices of `shares`, the largest first, without those that are 0.
std::vector<std::size_t> by_share(const std::vector<double>& shares) {
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return shares[i] <= 0; });
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
  return order;
}

}  // namespace

std::string PersonSummary::text(const std::vector<std::string>& classes) const {
  std::string line = fmt::format("person {}: {:.1f} s on screen", face_id, on_screen_s);
  const char* separator = "; ";
  const auto append = [&](std::string_view name, double share, const Episodes& runs) {
    line += fmt::format("{}{} {:.0f} % ({} time{}, longest {:.1f} s)", separator, name, 100 * share,
                        runs.count, runs.count == 1 ? "" : "s", runs.longest_s);
    separator = ", ";
  };
  for (const std::size_t i : by_share(label_shares)) append(classes.at(i), label_shares[i], episodes.at(i));
  if (uncertain_episodes.count > 0) append(kUncertainLabel, uncertain_share, uncertain_episodes);
  return line;
}

std::vector<PersonSummary> summarise_persons(const std::vector<Segment>& segments, std::size_t class_count) {
  std::map<int, PersonSummary> persons;
  for (const Segment& segment : segments) {
    PersonSummary& person = persons[segment.face_id];
    if (person.frame_count == 0) {
      person.face_id = segment.face_id;
      person.first_s = segment.begin_s;
      person.label_shares.resize(class_count);
      person.episodes.resize(class_count);
    }
    person.last_s = std::max(person.last_s, segment.end_s);
    person.on_screen_s += segment.length_s();
    person.frame_count += segment.frame_count;
    const auto frames = static_cast<double>(segment.frame_count);
    const auto label = static_cast<std::size_t>(segment.label);
    (segment.label < 0 ? person.uncertain_share : person.label_shares.at(label)) += frames;
    Episodes& episodes = segment.label < 0 ? person.uncertain_episodes : person.episodes.at(label);
    ++episodes.count;
    episodes.longest_s = std::max(episodes.longest_s, segment.length_s());
  }
  std::vector<PersonSummary> list;
  for (auto& [id, person] : persons) {
    const auto frames = static_cast<double>(person.frame_count);
    for (double& share : person.label_shares) share /= frames;
    person.uncertain_share /= frames;
    list.push_back(std::move(person));
  }
  return list;
}

TimelineSummary::TimelineSummary(std::vector<std::string> classes)
    : classes_(std::move(classes)), label_counts_(classes_.size(), 0) {}

void TimelineSummary::add(const TimelineRow& row) {
  if (row.label >= static_cast<int>(classes_.size()))
    throw internal_error("a timeline row has a label beyond the classes");
  if (row.frame != last_frame_) {
    if (frame_count_ > 0) {
      last_step_s_ = row.timestamp_s - last_timestamp_s_;
      elapsed_s_ += last_step_s_;
      if (last_had_face_) elapsed_with_face_s_ += last_step_s_;
    }
    ++frame_count_;
    last_frame_ = row.frame;
    last_timestamp_s_ = row.timestamp_s;
    last_had_face_ = row.face_id != 0;
    if (last_had_face_) ++frame_count_with_face_;
  }
  segments_.add(row);
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

std::vector<PersonSummary> TimelineSummary::persons() const {
  return summarise_persons(segments(), classes_.size());
}

std::int64_t TimelineSummary::answered_or_uncertain() const {
  return std::accumulate(label_counts_.begin(), label_counts_.end(), uncertain_count_);
}

std::string TimelineSummary::shares_text() const {
  std::string text;
  const std::vector<double> shares = label_shares();
  const char* separator = "; ";
  for (const std::size_t i : by_share(shares)) {
    text += fmt::format("{}{} {:.0f} %", separator, classes_[i], 100 * shares[i]);
    separator = ", ";
  }
  if (uncertain_count_ > 0)
    text += fmt::format("{}{} {:.0f} %", separator, kUncertainLabel, 100 * uncertain_share());
  return text;
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
  const std::size_t person_count = persons().size();
  return frames(frame_count_) + seconds(duration_s()) + "; face in " +
         (in_all ? "all frames" : frames(frame_count_with_face_) + seconds(with_face_s())) +
         (person_count > 1 ? fmt::format("; {} persons", person_count) : "") + shares_text();
}

}  // namespace ferv::inference
