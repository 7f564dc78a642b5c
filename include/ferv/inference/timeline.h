// SPDX-License-Identifier: Apache-2.0
// What is said of every face in every frame of a film.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/face/face.h"

namespace ferv::inference {

/// One face in one frame; a frame without a face is one row, too: there `face_id` is 0, `label` is -1 and
/// `probabilities` is empty, never zeros.
struct TimelineRow {
  std::int64_t frame = 0;
  double timestamp_s = 0;
  int face_id = 0;  ///< from 1; a person who returns after a cut or a longer absence gets a new one
  face::FaceOrigin origin = face::FaceOrigin::kDetected;
  double confidence = 0;               ///< of the face detector
  media::Rectangle box;                ///< in pixels of the frame
  std::vector<face::Point> landmarks;  ///< 68, or empty where none were looked for
  int label = -1;                      ///< index of the largest probability
  bool is_uncertain = false;           ///< that probability is too small to give the label as an answer
  std::vector<double> probabilities;   ///< [K], the mean over all windows that hold this frame
};

using RowSink = std::function<void(const TimelineRow&)>;

/// What stands in place of a label where the model does not answer.
inline constexpr std::string_view kUncertainLabel = "uncertain";

/// The row's answer in words: a class, "uncertain", or nothing without a face.
[[nodiscard]] std::string_view label_text(const TimelineRow& row, const std::vector<std::string>& classes);

/// "frame,timestamp_s,face_id,success,confidence,box,label,p_Happy,...\n".
[[nodiscard]] std::string timeline_header(const std::vector<std::string>& classes);
/// A line of the CSV: timestamp and probabilities with 6 decimals, confidence with 3, the box as "left top
/// width height" in pixels. Without a face `success` is 0 and all behind it is empty.
[[nodiscard]] std::string timeline_line(const TimelineRow& row, const std::vector<std::string>& classes);

/// All rows of one frame as a line of JSON; what a face's row holds, under the names of the CSV. Throws
/// kInternal without rows.
[[nodiscard]] std::string frame_json(const std::vector<TimelineRow>& rows,
                                     const std::vector<std::string>& classes);

/// What every program that shows predictions must say with them.
[[nodiscard]] std::string_view prediction_notice() noexcept;

}  // namespace ferv::inference
