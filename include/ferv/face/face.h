// SPDX-License-Identifier: Apache-2.0
// What is known of a face in one frame.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ferv/media/image.h"

namespace ferv::face {

/// In pixels of the frame; the centre of the first pixel is (0.5, 0.5).
struct Point {
  double x = 0;
  double y = 0;
};

inline constexpr std::size_t kLandmarkCount = 68;
/// In the order of the iBUG 300-W scheme: 0-16 jaw, 17-26 brows, 27-35 nose, 36-41 and 42-47 the eyes (the
/// one on the left of the picture first), 48-67 mouth.
using Landmarks = std::array<Point, kLandmarkCount>;

/// How the face was found in this frame.
enum class FaceOrigin : std::uint8_t {
  kDetected,  ///< the detector saw it here
  kTracked,   ///< the detector did not, but a tracker carried it over from an earlier frame
};

[[nodiscard]] std::string_view to_string(FaceOrigin origin) noexcept;  ///< "detected", "tracked"

/// A face in one frame.
struct Face {
  int id = 0;  ///< from 1; the same for one face as long as it is followed, never given twice
  media::Rectangle
      box;  ///< from the brows to the chin, square; steadied over time; may reach outside the frame
  double confidence = 0;  ///< the detector's score (0 is its threshold, no upper bound), of the last frame
                          ///< that it was seen in
  FaceOrigin origin = FaceOrigin::kDetected;
  std::optional<Landmarks> landmarks;
};

}  // namespace ferv::face
