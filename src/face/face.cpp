// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/face.h"

namespace ferv::face {

std::string_view to_string(FaceOrigin origin) noexcept {
  return origin == FaceOrigin::kDetected ? "detected" : "tracked";
}

}  // namespace ferv::face
