// SPDX-License-Identifier: Apache-2.0
#include "crop_limits.h"

#include <cmath>

#include "ferv/base/error.h"
#include "matchers.h"

namespace ferv::face {
namespace {

using test::expect_error;
using testing::HasSubstr;

TEST(RequireCropLimits, NamesWhatIsOutsideOfThem) {
  require_crop_limits({}, 95, 0);
  const auto refused = [](const CropOptions& crop, int quality, int threads, const char* text) {
    expect_error(ErrorKind::kInvalidArgument, HasSubstr(text),
                 [&] { require_crop_limits(crop, quality, threads); });
  };
  refused({.size_px = 15}, 95, 0, "size of the crops");
  refused({.margin = std::nan("")}, 95, 0, "margin");
  refused({}, 101, 0, "JPEG quality");
  refused({}, 95, -1, "threads");
}

}  // namespace
}  // namespace ferv::face
