// SPDX-License-Identifier: Apache-2.0
// What options of crops may be.
#pragma once

#include "ferv/face/crop.h"

namespace ferv::face {

/// Throws kInvalidArgument, with `name`, for a value outside of [low, high].
void require_between(double value, double low, double high, const char* name);

/// The same for what all that writes crops is told.
void require_crop_limits(const CropOptions& crop, int jpeg_quality, int threads);

}  // namespace ferv::face
