// SPDX-License-Identifier: Apache-2.0
// What training changes at random in a clip: always the same for all its frames and all its streams.
#pragma once

namespace ferv::data {

/// Every augmentation draws from random numbers of its own: switching one on or off leaves the others as they
/// were. The defaults of all but crop and flip switch them off.
struct AugmentationOptions {
  bool random_crop = true;        ///< random sized crop
  double crop_area_min = 0.6;     ///< share of the picture's area, uniform in [min, 1]
  double crop_ratio_max = 1.15;   ///< aspect ratio, log-uniform in [1/max, max]
  double flip_probability = 0.5;  ///< left-right
  /// About the centre after crop and resize, uniform in [-max, max]; what comes in repeats the edge.
  double rotation_degrees_max = 0;
  /// Colour, face and scene only. Factors are uniform in [1 - x, 1 + x], not below 0; contrast turns about
  /// mid grey (a mean a frame would flicker), saturation about luma.
  double brightness = 0;
  double contrast = 0;
  double saturation = 0;
  double hue = 0;               ///< turn of the colour circle, uniform in [-hue, hue], at most 0.5
  double grey_probability = 0;  ///< colours replaced by luma, face and scene only
  /// A rectangle of the frame becomes mid grey ("nothing moves" in motion streams): share of the area uniform
  /// in [0.02, max], aspect ratio log-uniform in [0.3, 3.3].
  double erase_probability = 0;
  double erase_area_max = 0.2;
  int temporal_jitter_frames = 0;  ///< each sampled frame moves by up to so many, the order stays
};

/// Throws kInvalidArgument with the value found and the range wanted.
void validate(const AugmentationOptions& options);

}  // namespace ferv::data
