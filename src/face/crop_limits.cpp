// SPDX-License-Identifier: Apache-2.0
#include "crop_limits.h"

#include <string>

#include "ferv/base/error.h"

namespace ferv::face {

void require_between(double value, double low, double high, const char* name) {
  if (value >= low && value <= high) return;
  throw invalid_argument(std::string(name) + " is " + std::to_string(value) + ", wanted " +
                         std::to_string(low) + " to " + std::to_string(high));
}

void require_crop_limits(const CropOptions& crop, int jpeg_quality, int threads) {
  require_between(crop.size_px, 16, 4096, "size of the crops");
  require_between(crop.margin, 0, 4, "margin");
  require_between(jpeg_quality, 1, 100, "JPEG quality");
  require_between(threads, 0, 4096, "threads");
}

}  // namespace ferv::face
