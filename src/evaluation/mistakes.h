// SPDX-License-Identifier: Apache-2.0
// The part of a report that shows clips: the surest mistakes and the hardest clips.
#pragma once

#include <string>

#include "ferv/evaluation/report.h"

namespace ferv::evaluation {

/// HTML, or "" where no mistake has probabilities.
[[nodiscard]] std::string surest_mistakes(const ReportInput& input);
/// Clips whose label got the least probability, right answers among them never. HTML, or "".
[[nodiscard]] std::string hardest_clips(const ReportInput& input);

/// Reads `<results stem>.cam.json` where it is there: {"War/Sad/0001": [0.1, 0.7, ...]}, a weight a sampled
/// frame. Throws kCorruptData.
[[nodiscard]] std::map<std::string, std::vector<double>> read_frame_weights(
    const std::filesystem::path& results);

}  // namespace ferv::evaluation
