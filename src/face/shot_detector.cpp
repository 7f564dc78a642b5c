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
/// A change of the thumbnail that is so many times the largest of the last frames, and at least so large, is
/// a cut too, if colours change with it. Walking people and waving hands stay below a factor of 2 and a
/// twentieth of the colours.
constexpr double kOutlierFactor = 2.8;
constexpr double kOutlierThumbnailLimit = 4;
constexpr double kOutlierHistogramLimit = 0.1;
constexpr double kLeastMovement = 1.5;  ///< what a still picture is taken to move by
constexpr int kLeastRecent = 2;

/// Mean distance from the median: what is left of a change when it is not that of a lamp, the same
/// everywhere.
double spread(std::vector<float> changes) {
  const auto middle = changes.begin() + static_cast<std::ptrdiff_t>(changes.size() / 2);
  std::nth_element(changes.begin(), middle, changes.end());
  const float median = *middle;
  double sum = 0;
  for (const float change : changes) sum += std::abs(change - median);
  return sum / static_cast<double>(changes.size());
}

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
    std::vector<float> changes(thumbnail.size());
    for (std::size_t i = 0; i < thumbnail.size(); ++i) {
      changes[i] = thumbnail[i] - thumbnail_[i];
      movement += std::abs(changes[i]);
    }
    for (std::size_t i = 0; i < histogram.size(); ++i) colours += std::abs(histogram[i] - histogram_[i]);
    movement /= static_cast<double>(thumbnail.size());
    colours /= 2;
    const double unlit = spread(changes);
    const double largest = std::max(kLeastMovement, *std::max_element(recent_.begin(), recent_.end()));
    const bool stands_out = recent_count_ >= kLeastRecent && unlit > kOutlierFactor * largest &&
                            unlit > kOutlierThumbnailLimit && colours > kOutlierHistogramLimit;
    changed = stands_out || (movement > kThumbnailLimit && colours > kHistogramLimit);
    std::rotate(recent_.begin(), recent_.begin() + 1, recent_.end());
    recent_.back() = unlit;
    ++recent_count_;
    if (changed) {
      recent_ = {};
      recent_count_ = 0;
    }
  }
  thumbnail_ = std::move(thumbnail);
  histogram_ = std::move(histogram);
  return changed;
}

}  // namespace ferv::face
