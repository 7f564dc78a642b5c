// SPDX-License-Identifier: Apache-2.0
// Segments as subtitles: SubRip for any player, WebVTT for the web.
#pragma once

#include <string>
#include <vector>

#include "ferv/inference/segments.h"

namespace ferv::inference {

/// SubRip (.srt). Players draw overlapping cues over each other, so there is one cue at a time, with a line a
/// person: "Person 1: Happy (83 %)". SubRip knows no remarks, so prediction_notice() stands in the picture
/// for the first seconds.
[[nodiscard]] std::string subrip(const std::vector<Segment>& segments,
                                 const std::vector<std::string>& classes);

/// WebVTT (.vtt): one cue a segment, with the person as its voice; prediction_notice() as a NOTE.
[[nodiscard]] std::string web_vtt(const std::vector<Segment>& segments,
                                  const std::vector<std::string>& classes);

}  // namespace ferv::inference
