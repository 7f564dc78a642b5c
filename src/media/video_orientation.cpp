// SPDX-License-Identifier: Apache-2.0
#include "video_orientation.h"

#include <cstdlib>
#include <cstring>

namespace ferv::media {

int Orientation::rotation_degrees() const {
  const int mirror = a * d - b * c;  // -1 where the film is mirrored
  const int first_column_x = a * mirror;
  const int first_column_y = b * mirror;
  if (first_column_x == 1) return 0;
  if (first_column_y == 1) return 90;
  return first_column_x == -1 ? 180 : 270;
}

Orientation orientation_from_matrix(const std::int32_t matrix[9]) {
  const std::int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  const auto sign = [](std::int64_t value) { return value < 0 ? -1 : 1; };
  Orientation orientation;
  if (std::llabs(a) + std::llabs(d) >= std::llabs(b) + std::llabs(c)) {
    orientation = {sign(a), 0, 0, sign(d)};
  } else {
    orientation = {0, sign(b), sign(c), 0};
  }
  return orientation;
}

Orientation orientation_of(const AVStream& stream) {
  std::size_t size = 0;
  const std::uint8_t* data = side_data_of(stream, AV_PKT_DATA_DISPLAYMATRIX, size);
  std::int32_t matrix[9];
  if (data == nullptr || size < sizeof(matrix)) return {};
  std::memcpy(matrix, data, sizeof(matrix));
  return orientation_from_matrix(matrix);
}

void copy_oriented(const AVFrame& rgb, const Orientation& orientation, Image& image) {
  const int width = rgb.width, height = rgb.height;
  image.width_px = orientation.swaps_axes() ? height : width;
  image.height_px = orientation.swaps_axes() ? width : height;
  image.pixels.resize(image.row_bytes() * static_cast<std::size_t>(image.height_px));
  if (orientation.is_upright()) {
    for (int y = 0; y < height; ++y)
      std::memcpy(image.row(y), rgb.data[0] + std::ptrdiff_t{y} * rgb.linesize[0], image.row_bytes());
    return;
  }
  const int shift_x = orientation.a < 0 ? width - 1 : orientation.c < 0 ? height - 1 : 0;
  const int shift_y = orientation.d < 0 ? height - 1 : orientation.b < 0 ? width - 1 : 0;
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = rgb.data[0] + std::ptrdiff_t{y} * rgb.linesize[0];
    for (int x = 0; x < width; ++x, from += 3) {
      const int to_x = orientation.a * x + orientation.c * y + shift_x;
      const int to_y = orientation.b * x + orientation.d * y + shift_y;
      std::memcpy(image.row(to_y) + 3 * to_x, from, 3);
    }
  }
}

}  // namespace ferv::media
