// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/test_views.h"

#include <algorithm>
#include <array>
#include <string>

#include "ferv/base/error.h"

namespace ferv::data {
namespace {

constexpr std::array<int, 4> kCounts = {1, 2, 5, 10};
constexpr double kPartSide = 224.0 / 256.0;
constexpr std::array<TestCrop, 5> kFive = {{{kPartSide, 0.5, 0.5},
                                            {kPartSide, 0.0, 0.0},
                                            {kPartSide, 1.0, 0.0},
                                            {kPartSide, 0.0, 1.0},
                                            {kPartSide, 1.0, 1.0}}};

}  // namespace

std::span<const int> test_crop_counts() {
  return kCounts;
}

TestCrop test_crop(int crop, int crop_count) {
  if (std::find(kCounts.begin(), kCounts.end(), crop_count) == kCounts.end())
    throw invalid_argument("there are " + std::to_string(crop_count) + " test crops, wanted 1, 2, 5 or 10");
  if (crop < 0 || crop >= crop_count) {
    throw invalid_argument("test crop is " + std::to_string(crop) + " of " + std::to_string(crop_count) +
                           ", wanted 0 to below the number of crops");
  }
  const int place_count = crop_count < 5 ? 1 : 5;
  TestCrop chosen = place_count == 1 ? TestCrop{} : kFive[static_cast<std::size_t>(crop % place_count)];
  chosen.flip = crop >= place_count;
  return chosen;
}

}  // namespace ferv::data
