// SPDX-License-Identifier: Apache-2.0
// Which frames of a clip are taken, and where in each the face is cut out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ferv/face/crop_films.h"

namespace ferv::face {

/// Faces of one frame, as far as cutting them out goes.
struct FrameCandidates {
  int shot = 0;
  struct Candidate {
    int id = 0;  ///< of the tracker
    double area = 0;
    CropPlacement placement;
  };
  std::vector<Candidate> faces;
};

struct ClipCrops {
  /// [frames read]: where to cut; nullopt for frames that are left out.
  std::vector<std::optional<CropPlacement>> placements;
  std::int64_t frames_without_face = 0;  ///< of the chosen one, in the shots taken
  std::int64_t frames_with_several_faces = 0;
};

/// Chooses shots and people, and fills the gaps, as `options` say. All placements are nullopt where nobody is
/// seen, and where NoFacePolicy::kFail says so.
[[nodiscard]] ClipCrops choose_crops(const std::vector<FrameCandidates>& frames,
                                     const CropFilmsOptions& options);

}  // namespace ferv::face
