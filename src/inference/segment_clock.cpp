// SPDX-License-Identifier: Apache-2.0
#include "segment_clock.h"

#include <algorithm>
#include <cmath>

namespace ferv::inference {

SegmentClock clock_of(const Segment& segment) {
  SegmentClock clock;
  clock.begin_ms = std::max<std::int64_t>(0, std::llround(1000 * segment.begin_s));
  clock.end_ms = std::max<std::int64_t>(clock.begin_ms + 1, std::llround(1000 * segment.end_s));
  return clock;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return line;
}

}  // namespace ferv::inference
