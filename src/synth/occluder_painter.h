// SPDX-License-Identifier: Apache-2.0
// Paints what stands before a face or is worn on the head.
#pragma once

#include <cstdint>

#include "canvas.h"
#include "head_pose.h"
#include "scene_style.h"

namespace ferv::synth {

/// `seed` fixes colours and sides for a clip; `time_s` moves what moves (smoke).
void paint_occluder(Canvas& canvas, Occluder occluder, const HeadPose& pose, std::uint64_t seed,
                    double time_s);

}  // namespace ferv::synth
