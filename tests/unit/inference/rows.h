// SPDX-License-Identifier: Apache-2.0
// Rows of timelines as tests want them, and a timeline of two persons.
#pragma once

#include <string>
#include <vector>

#include "ferv/inference/timeline.h"

namespace ferv::test {

inline const std::vector<std::string> kThreeClasses = {"Happy", "Sad", "Neutral"};

/// `label` -1: no face. The label's probability is 0.8, the others' 0.1.
inline inference::TimelineRow row_of(std::int64_t frame, double timestamp_s, int face_id, int label) {
  inference::TimelineRow row;
  row.frame = frame;
  row.timestamp_s = timestamp_s;
  if (label < 0) return row;
  row.face_id = face_id;
  row.confidence = 1.25;
  row.box = {10.0 + 100 * face_id, 20, 64, 64};
  row.label = label;
  row.probabilities = {0.1, 0.1, 0.1};
  row.probabilities[static_cast<std::size_t>(label)] = 0.8;
  return row;
}

inline inference::TimelineRow uncertain_row(std::int64_t frame, double timestamp_s, int face_id, int label) {
  inference::TimelineRow row = row_of(frame, timestamp_s, face_id, label);
  row.is_uncertain = true;
  return row;
}

/// 50 frames of 0.1 s. Person 1: Happy in frames 0-19, uncertain 20-29, Happy 30-39, then gone; person 2: Sad
/// in frames 10-24; nobody from frame 40.
inline std::vector<inference::TimelineRow> rows_of_two() {
  std::vector<inference::TimelineRow> rows;
  for (int i = 0; i < 50; ++i) {
    const double time_s = 0.1 * i;
    if (i < 40) {
      rows.push_back(i >= 20 && i < 30 ? uncertain_row(i, time_s, 1, 2) : row_of(i, time_s, 1, 0));
      if (i >= 10 && i < 25) rows.push_back(row_of(i, time_s, 2, 1));
    } else {
      rows.push_back(row_of(i, time_s, 0, -1));
    }
  }
  return rows;
}

}  // namespace ferv::test
