// SPDX-License-Identifier: Apache-2.0
#include "shot_detector.h"

#include <algorithm>
#include <cmath>

namespace ferv::face {
namespace {

constexpr int kColumns = 32;
constexpr int kRows = 18;
constexpr int kSamplesPerSide = 4;  ///< in each cell of the thumbnail, each way
constexpr int kHistogramBits = 3;   ///< a channel

/// Mean absolute difference of the thumbnails, in grey levels, and half the sum of absolute differences of
/// the histograms. Chosen so that talking heads, blinks and shaking cameras stay far below both.
constexpr double kThumbnailLimit = 22;
constexpr double kHistogramLimit = 0.45;

}  // namespace

bool ShotDetector::push(const media::Image& frame) {
  std::vector<float> thumbnail(static_cast<std::size_t>(kColumns) * kRows);
  std::vector<float> histogram(std::size_t{1} << (3 * kHistogramBits));
  constexpr int kAcross = kColumns * kSamplesPerSide, kDown = kRows * kSamplesPerSide;
  constexpr float kCellShare = 1.0F / (kSamplesPerSide * kSamplesPerSide);
  constexpr float kSampleShare = 1.0F / (kAcross * kDown);
  for (int j = 0; j < kDown; ++j) {
    const std::uint8_t* row = frame.row(static_cast<int>((j + 0.5) * frame.height_px / kDown));
    for (int i = 0; i < kAcross; ++i) {
      const std::uint8_t* pixel = row + 3 * static_cast<int>((i + 0.5) * frame.width_px / kAcross);
      const auto cell = static_cast<std::size_t>(j / kSamplesPerSide * kColumns + i / kSamplesPerSide);
      thumbnail[cell] += kCellShare * (0.299F * pixel[0] + 0.587F * pixel[1] + 0.114F * pixel[2]);
      constexpr int kShift = 8 - kHistogramBits;
      const int bin = (pixel[0] >> kShift << (2 * kHistogramBits)) | (pixel[1] >> kShift << kHistogramBits) |
                      pixel[2] >> kShift;
      histogram[static_cast<std::size_t>(bin)] += kSampleShare;
    }
  }
  bool changed = false;
  if (!thumbnail_.empty()) {
    double movement = 0, colours = 0;
    for (std::size_t i = 0; i < thumbnail.size(); ++i) movement += std::abs(thumbnail[i] - thumbnail_[i]);
    for (std::size_t i = 0; i < histogram.size(); ++i) colours += std::abs(histogram[i] - histogram_[i]);
    changed =
        movement / static_cast<double>(thumbnail.size()) > kThumbnailLimit && colours / 2 > kHistogramLimit;
  }
  thumbnail_ = std::move(thumbnail);
  histogram_ = std::move(histogram);
  return changed;
}

}  // namespace ferv::face
