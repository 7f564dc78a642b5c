// SPDX-License-Identifier: Apache-2.0
// How much two boxes have in common.
#pragma once

#include <algorithm>

#include "ferv/media/image.h"

namespace ferv::face {

/// Intersection over union, 0 to 1.
[[nodiscard]] inline double overlap(const media::Rectangle& a, const media::Rectangle& b) {
  const double width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  const double height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const double shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

}  // namespace ferv::face
