// SPDX-License-Identifier: Apache-2.0
// Cuts faces out the way FERV39k's own crops look: square, upright, 224 x 224.
#pragma once

#include "ferv/face/face.h"
#include "ferv/media/image.h"

namespace ferv::face {

/// A square in the frame, turned about its centre.
struct CropPlacement {
  Point centre;
  double side_px = 0;
  double roll_rad = 0;  ///< clockwise turn of the face in the picture; the crop undoes it
};

struct CropOptions {
  int size_px = 224;  ///< of the square result
  /// Added around the box from brows to chin, as a share of its side, over both sides together: 0.4 shows the
  /// forehead.
  double margin = 0.3;
};

/// Where to cut. With landmarks the line through the eyes becomes level and the size follows the whole face,
/// which is steadier than the detector's box; without, it is the box.
[[nodiscard]] CropPlacement place_crop(const Face& face, const CropOptions& options);

/// Cuts and resizes, with antialiasing when it shrinks; what lies outside the picture repeats its edge.
/// Throws kInvalidArgument for an empty picture, a side that is not positive or a size outside 1 to 4096.
[[nodiscard]] media::Image cut_crop(const media::Image& image, const CropPlacement& placement, int size_px);

}  // namespace ferv::face
