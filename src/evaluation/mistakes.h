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

}  // namespace ferv::evaluation
