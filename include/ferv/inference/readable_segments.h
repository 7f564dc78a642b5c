// SPDX-License-Identifier: Apache-2.0
// Segments that a person has time to read.
#pragma once

#include <vector>

#include "ferv/inference/segments.h"

namespace ferv::inference {

/// Models that look at single pictures flicker between two expressions, frame by frame. Of segments of one
/// face that follow each other without a gap, those shorter than `shortest_s` are put together: into one that
/// is uncertain, where together they last that long, else they go to what was before them. What then has the
/// label of what it follows becomes one with it. A short segment with nothing before it stays, and so does
/// every gap; the time that a face is seen does not change. `segments` in order, as SegmentBuilder
/// gives them; so is the result.
[[nodiscard]] std::vector<Segment> readable_segments(const std::vector<Segment>& segments, double shortest_s);

}  // namespace ferv::inference
