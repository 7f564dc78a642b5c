// SPDX-License-Identifier: Apache-2.0
// The eight ways in which a film can ask to be turned and mirrored.
#pragma once

#include <cstdint>

#include "ferv/media/image.h"
#include "video_handles.h"

namespace ferv::media {

/// Where a stored pixel is shown: (x', y') = (a x + c y, b x + d y), moved so that the picture begins at (0,
/// 0). One of a, c and one of b, d is 1 or -1, the others are 0.
struct Orientation {
  int a = 1;
  int b = 0;
  int c = 0;
  int d = 1;

  [[nodiscard]] bool is_upright() const { return a == 1 && d == 1; }
  [[nodiscard]] bool swaps_axes() const { return a == 0; }
  /// Clockwise turn: 0, 90, 180, 270. For a mirrored film, the turn that follows the left-right mirroring.
  [[nodiscard]] int rotation_degrees() const;
};

/// From the nine 16.16 numbers of a display matrix; angles between are taken to the nearest quarter turn.
[[nodiscard]] Orientation orientation_from_matrix(const std::int32_t matrix[9]);
/// From the stream's side data; upright where there is none.
[[nodiscard]] Orientation orientation_of(const AVStream& stream);

/// Copies a packed RGB frame of libav as it is to be shown.
void copy_oriented(const AVFrame& rgb, const Orientation& orientation, Image& image);

}  // namespace ferv::media
