// SPDX-License-Identifier: Apache-2.0
// Times and names as formats for players and annotation programs want them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ferv/inference/segments.h"

namespace ferv::inference {

/// A segment in whole milliseconds, at least one long.
struct SegmentClock {
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
};

[[nodiscard]] SegmentClock clock_of(const Segment& segment);

/// `text` with spaces for control characters: a class may have any name, and a line break would end a cue.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace ferv::inference
