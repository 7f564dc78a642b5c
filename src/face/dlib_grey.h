// SPDX-License-Identifier: Apache-2.0
// Grey pictures as dlib wants them.
#pragma once

#include <dlib/array2d.h>

#include <cstring>

#include "grey_image.h"

namespace ferv::face {

inline void copy_to_dlib(const GreyImage& from, dlib::array2d<unsigned char>& to) {
  to.set_size(from.height_px, from.width_px);
  for (int y = 0; y < from.height_px; ++y)
    std::memcpy(&to[y][0], from.row(y), static_cast<std::size_t>(from.width_px));
}

}  // namespace ferv::face
