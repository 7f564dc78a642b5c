// SPDX-License-Identifier: Apache-2.0
// Paints what stands behind the head; once a clip, larger than a picture, so that the camera can move over
// it.
#pragma once

#include "canvas.h"
#include "ferv/base/random.h"
#include "scene_style.h"

namespace ferv::synth {

/// Covers the whole canvas.
void paint_background(Canvas& canvas, const SceneStyle& style, Random& random);

}  // namespace ferv::synth
