// SPDX-License-Identifier: Apache-2.0
// Pictures turned by quarters.
#pragma once

#include "ferv/media/image.h"

namespace ferv::media {

/// Turned clockwise by 0, 90, 180 or 270 degrees. Throws kInvalidArgument for other angles.
[[nodiscard]] Image turn(const Image& source, int degrees);

}  // namespace ferv::media
