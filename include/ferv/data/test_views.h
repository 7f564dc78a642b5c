// SPDX-License-Identifier: Apache-2.0
// Several views of a test clip, whose probabilities are averaged: windows of time (sampling.h) times crops of
// the picture. Pure functions.
#pragma once

#include <span>

namespace ferv::data {

/// What a crop shows: a part with the picture's own shape, the same in all frames.
struct TestCrop {
  double side = 1.0;  ///< share of the picture's width and of its height
  double x = 0.5;     ///< where the free space lies: 0 = the part is at the left, 1 = at the right
  double y = 0.5;     ///< 0 = at the top, 1 = at the bottom
  bool flip = false;  ///< mirrored left-right
  friend bool operator==(const TestCrop&, const TestCrop&) = default;
};

/// 1, 2, 5 and 10.
[[nodiscard]] std::span<const int> test_crop_counts();

/// Crop `crop` in [0, crop_count). Of 1: the whole picture. Of 2: it and its mirror image. Of 5: centre, then
/// the four corners, left before right and top before bottom, each 7/8 of the picture's side (224 of 256
/// pixels). Of 10: these five and then their mirror images (Krizhevsky et al. 2012). Throws kInvalidArgument
/// for another count, and for a crop that is out of range.
[[nodiscard]] TestCrop test_crop(int crop, int crop_count);

}  // namespace ferv::data
