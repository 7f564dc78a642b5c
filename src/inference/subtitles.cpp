// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/subtitles.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "ferv/base/html.h"
#include "segment_clock.h"

namespace ferv::inference {
namespace {

constexpr std::int64_t kNoticeMs = 4000;

/// "00:01:02,345", with `point` before the milliseconds.
std::string clock_text(std::int64_t ms, char point) {
  return fmt::format("{:02}:{:02}:{:02}{}{:03}", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, point,
                     ms % 1000);
}

int percent(double share) {
  return static_cast<int>(std::lround(100 * share));
}

/// What begins or ends at one moment, by index of the segment; -1 is the notice.
struct Change {
  std::vector<int> begins;
  std::vector<int> ends;
};

std::map<std::int64_t, Change> changes_of(const std::vector<Segment>& segments) {
  std::map<std::int64_t, Change> changes;
  changes[0].begins.push_back(-1);
  changes[kNoticeMs].ends.push_back(-1);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const SegmentClock clock = clock_of(segments[i]);
    changes[clock.begin_ms].begins.push_back(static_cast<int>(i));
    changes[clock.end_ms].ends.push_back(static_cast<int>(i));
  }
  return changes;
}

}  // namespace

std::string subrip(const std::vector<Segment>& segments, const std::vector<std::string>& classes) {
  std::string text;
  std::map<std::pair<int, int>, std::string> shown;  // by face and segment: persons keep their order
  std::int64_t since_ms = 0;
  int number = 0;
  for (const auto& [now_ms, change] : changes_of(segments)) {
    if (!shown.empty()) {
      text += fmt::format("{}\n{} --> {}\n", ++number, clock_text(since_ms, ','), clock_text(now_ms, ','));
      for (const auto& [key, line] : shown) text += line + "\n";
      text += "\n";
    }
    const auto key = [&](int i) {
      return std::pair(i < 0 ? 0 : segments[static_cast<std::size_t>(i)].face_id, i);
    };
    for (const int i : change.ends) shown.erase(key(i));
    for (const int i : change.begins) {
      if (i < 0) {
        shown[key(i)] = std::string(prediction_notice());
        continue;
      }
      const Segment& segment = segments[static_cast<std::size_t>(i)];
      shown[key(i)] = fmt::format("Person {}: {} ({} %)", segment.face_id,
                                  one_line(label_text(segment, classes)), percent(segment.mean_probability));
    }
    since_ms = now_ms;
  }
  return text;
}

std::string web_vtt(const std::vector<Segment>& segments, const std::vector<std::string>& classes) {
  std::string text = fmt::format("WEBVTT\n\nNOTE\n{}\n", prediction_notice());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    const SegmentClock clock = clock_of(segment);
    text +=
        fmt::format("\n{}\n{} --> {}\n<v Person {}>{} ({} %)</v>\n", i + 1, clock_text(clock.begin_ms, '.'),
                    clock_text(clock.end_ms, '.'), segment.face_id,
                    escape_html(one_line(label_text(segment, classes))), percent(segment.mean_probability));
  }
  return text;
}

}  // namespace ferv::inference
