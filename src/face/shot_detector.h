// SPDX-License-Identifier: Apache-2.0
// Tells where one shot of a film ends and the next begins.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ferv/media/image.h"

namespace ferv::face {

/// Hard cuts, from two measures: how much a thumbnail differs from the one before, and how much the histogram
/// of colours does. A fast movement changes the first, a lamp that is switched the second (and a little of
/// the first), a cut to another place both. A cut to another person in the same place changes less, but at
/// once: it stands out from the movement in the frames before. Not thread-safe.
class ShotDetector {
 public:
  /// True when `frame` does not continue the frame before; false for the first frame.
  [[nodiscard]] bool push(const media::Image& frame);

 private:
  std::vector<float> thumbnail_;
  std::vector<float> histogram_;
  std::array<double, 4> recent_ = {};  ///< movement from frame to frame, of the shot so far, the newest last
  int recent_count_ = 0;
};

}  // namespace ferv::face
