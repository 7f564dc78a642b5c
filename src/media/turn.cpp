// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/turn.h"

#include <algorithm>
#include <string>

#include "ferv/base/error.h"

namespace ferv::media {

Image turn(const Image& source, int degrees) {
  if (degrees == 0) return source;
  if (degrees != 90 && degrees != 180 && degrees != 270)
    throw invalid_argument("turn of a picture is " + std::to_string(degrees) + ", wanted 0, 90, 180 or 270");
  const int width = source.width_px, height = source.height_px;
  Image result(degrees == 180 ? width : height, degrees == 180 ? height : width);
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = source.row(y);
    for (int x = 0; x < width; ++x, from += 3) {
      const int to_x = degrees == 90 ? height - 1 - y : degrees == 180 ? width - 1 - x : y;
      const int to_y = degrees == 90 ? x : degrees == 180 ? height - 1 - y : width - 1 - x;
      std::copy_n(from, 3, result.row(to_y) + 3 * to_x);
    }
  }
  return result;
}

}  // namespace ferv::media
