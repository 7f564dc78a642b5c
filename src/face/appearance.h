// SPDX-License-Identifier: Apache-2.0
// What a person looks like in colours, from the hair to the collar: enough to tell who is who within a shot.
#pragma once

#include <array>

#include "ferv/media/image.h"

namespace ferv::face {

/// Histograms of brightness and colour in three zones: hair, face, and what is worn below. Only for comparing
/// people in the same light: it does not recognise anybody in another shot.
class Appearance {
 public:
  Appearance() = default;
  /// Of the person whose face is in `box`. Zones that lie outside the picture stay unknown.
  Appearance(const media::Image& frame, const media::Rectangle& box);

  /// 0 (nothing in common) to 1 (equal): the mean over zones that both know; 1 where there is none.
  [[nodiscard]] double similarity(const Appearance& other) const;
  /// Moves towards `other` by `share` of the way; takes over zones that were unknown.
  void learn(const Appearance& other, double share);

 private:
  static constexpr std::size_t kZoneCount = 3;
  static constexpr std::size_t kChannelCount = 3;
  static constexpr std::size_t kBinCount = 24;
  struct Zone {
    bool is_known = false;
    std::array<std::array<float, kBinCount>, kChannelCount> bins = {};  ///< each channel sums to 1
  };
  std::array<Zone, kZoneCount> zones_;
};

}  // namespace ferv::face
