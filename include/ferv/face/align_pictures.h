// SPDX-License-Identifier: Apache-2.0
// Cuts the largest face out of each picture of a folder: photographs become what a film's crops look like.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/face/crop.h"
#include "ferv/face/detector.h"

namespace ferv::face {

struct AlignPicturesOptions {
  std::filesystem::path folder;  ///< JPEG and PNG at any depth
  std::filesystem::path out;
  CropOptions crop = {};
  DetectorOptions detector = {.find_small_faces =
                                  true};      ///< photographs are small, and each is searched once
  std::filesystem::path landmark_model = {};  ///< levels the crops; empty: boxes alone
  /// Of pictures without a face: the square in the middle whose side is this share of the shorter side, for
  /// collections whose pictures are centred on the face. 0: they are left out.
  double middle_share = 0;
  int jpeg_quality = 95;
  int threads = 0;  ///< 0 = all cores that this process may use
};

struct AlignPicturesSummary {
  std::size_t written = 0;  ///< with those of the middle, and those of an earlier run
  std::size_t kept = 0;     ///< of those: written by an earlier run
  /// Paths below the folder, sorted; of what this run looked at.
  std::vector<std::string> without_face;
  std::vector<std::string> unreadable;
  bool complete = false;  ///< false: stopped by the observer; the same call goes on
};

/// Writes `out`/<the picture's path, ending in .jpg>, each atomically; what is there is kept. Pictures that
/// cannot be read are counted, not an error. Throws kNotFound for a missing folder and one without a picture;
/// kInvalidArgument for impossible options, an `out` inside the folder, and two pictures that would get one
/// name; kIo; what LandmarkPredictor throws.
[[nodiscard]] AlignPicturesSummary align_pictures(const AlignPicturesOptions& options,
                                                  const Observer& observer);

}  // namespace ferv::face
