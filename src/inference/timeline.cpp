// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/timeline.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"

namespace ferv::inference {
namespace {

/// With so many decimals and no more: shorter files, and the same text on every machine.
double rounded(double value, double steps_in_one) {
  return std::round(value * steps_in_one) / steps_in_one;
}

}  // namespace

std::string_view label_text(const TimelineRow& row, const std::vector<std::string>& classes) {
  if (row.is_uncertain) return kUncertainLabel;
  return row.label < 0 ? std::string_view() : classes.at(static_cast<std::size_t>(row.label));
}

std::string timeline_header(const std::vector<std::string>& classes) {
  std::string line = "frame,timestamp_s,face_id,success,confidence,box,label";
  for (const std::string& name : classes) line += ",p_" + name;
  return line + "\n";
}

std::string timeline_line(const TimelineRow& row, const std::vector<std::string>& classes) {
  std::string line = fmt::format("{},{:.6f},{},", row.frame, row.timestamp_s, row.face_id);
  if (row.face_id == 0) return line + "0" + std::string(3 + classes.size(), ',') + "\n";
  line += fmt::format("1,{:.3f},{:.1f} {:.1f} {:.1f} {:.1f},{}", row.confidence, row.box.left, row.box.top,
                      row.box.width, row.box.height, label_text(row, classes));
  for (std::size_t i = 0; i < classes.size(); ++i) {
    line += row.probabilities.empty() ? "," : fmt::format(",{:.6f}", row.probabilities.at(i));
  }
  return line + "\n";
}

std::string frame_json(const std::vector<TimelineRow>& rows, const std::vector<std::string>& classes) {
  if (rows.empty()) throw internal_error("a frame has no row");
  auto faces = nlohmann::ordered_json::array();
  for (const TimelineRow& row : rows) {
    if (row.face_id == 0) continue;
    nlohmann::ordered_json probabilities;
    for (std::size_t i = 0; i < row.probabilities.size(); ++i)
      probabilities[classes.at(i)] = rounded(row.probabilities[i], 1e6);
    faces.push_back({{"face_id", row.face_id},
                     {"origin", face::to_string(row.origin)},
                     {"confidence", rounded(row.confidence, 1e3)},
                     {"box",
                      {rounded(row.box.left, 10), rounded(row.box.top, 10), rounded(row.box.width, 10),
                       rounded(row.box.height, 10)}},
                     {"label", label_text(row, classes)},
                     {"probabilities", probabilities}});
  }
  const nlohmann::ordered_json frame = {{"frame", rows.front().frame},
                                        {"timestamp_s", rounded(rows.front().timestamp_s, 1e6)},
                                        {"faces", faces}};
  return frame.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string_view prediction_notice() noexcept {
  return "labels say which expression a face looks like to a model, not what a person feels; their accuracy "
         "is limited (see the "
         "weights' metrics), and some jurisdictions restrict such use on people";
}

}  // namespace ferv::inference
