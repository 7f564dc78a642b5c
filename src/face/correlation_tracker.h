// SPDX-License-Identifier: Apache-2.0
// Carries a box from one frame to the next by correlation, for frames in which the detector is blind.
#pragma once

#include <memory>

#include "ferv/media/image.h"

namespace ferv::face {

/// dlib's tracker of position and size (Danelljan et al., BMVC 2014). Not thread-safe.
class CorrelationTracker {
 public:
  /// Learns what is inside `box`.
  CorrelationTracker(const media::Image& frame, const media::Rectangle& box);
  ~CorrelationTracker();

  struct Result {
    media::Rectangle box;
    /// Peak-to-sidelobe ratio of the correlation: above 10 for a good match, below 7 for none.
    double peak_to_sidelobe = 0;
  };
  /// Finds it again in the next frame, near where it was.
  [[nodiscard]] Result update(const media::Image& frame);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::face
