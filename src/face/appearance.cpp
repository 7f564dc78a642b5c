// SPDX-License-Identifier: Apache-2.0
#include "appearance.h"

#include <algorithm>
#include <cmath>

namespace ferv::face {
namespace {

/// Where the zones lie, in sides of the face's box from its upper left corner.
constexpr std::array<media::Rectangle, 3> kZones = {
    {{0.10, -0.55, 0.80, 0.45}, {0.12, 0.02, 0.76, 0.93}, {0.00, 1.12, 1.00, 0.38}}};
constexpr int kSamplesAcross = 16;
constexpr int kSamplesDown = 12;
/// A zone of which less than this share lies in the picture says nothing.
constexpr double kLeastShare = 0.4;

/// Colours of skin, hair and cloth keep near grey: the bins cover this range about it.
constexpr float kChromaRange = 56;

struct Channel {
  float low;
  float high;
};
constexpr std::array<Channel, 3> kChannels = {
    {{0, 255}, {-kChromaRange, kChromaRange}, {-kChromaRange, kChromaRange}}};

/// Brightness, blueness and redness (BT.601).
std::array<float, 3> brightness_and_chroma(const std::uint8_t* pixel) {
  const float red = pixel[0], green = pixel[1], blue = pixel[2];
  const float luma = 0.299F * red + 0.587F * green + 0.114F * blue;
  return {luma, 0.564F * (blue - luma), 0.713F * (red - luma)};
}

}  // namespace

Appearance::Appearance(const media::Image& frame, const media::Rectangle& box) {
  for (std::size_t z = 0; z < kZoneCount; ++z) {
    Zone& zone = zones_[z];
    int count = 0;
    for (int j = 0; j < kSamplesDown; ++j) {
      const double down = kZones[z].top + kZones[z].height * (j + 0.5) / kSamplesDown;
      const int y = static_cast<int>(std::floor(box.top + box.height * down));
      if (y < 0 || y >= frame.height_px) continue;
      for (int i = 0; i < kSamplesAcross; ++i) {
        const double across = kZones[z].left + kZones[z].width * (i + 0.5) / kSamplesAcross;
        const int x = static_cast<int>(std::floor(box.left + box.width * across));
        if (x < 0 || x >= frame.width_px) continue;
        ++count;
        const auto values = brightness_and_chroma(frame.row(y) + 3 * static_cast<std::ptrdiff_t>(x));
        for (std::size_t c = 0; c < kChannelCount; ++c) {
          // Shared between the two nearest bins: a lamp that flickers moves nothing far.
          const float share = (values[c] - kChannels[c].low) / (kChannels[c].high - kChannels[c].low);
          const float at = std::clamp(share, 0.0F, 1.0F) * (kBinCount - 1.001F);
          const auto bin = static_cast<std::size_t>(at);
          zone.bins[c][bin + 1] += at - static_cast<float>(bin);
          zone.bins[c][bin] += 1 - (at - static_cast<float>(bin));
        }
      }
    }
    zone.is_known = count >= kLeastShare * kSamplesAcross * kSamplesDown;
    for (auto& channel : zone.bins) {
      for (float& bin : channel) bin /= static_cast<float>(std::max(count, 1));
    }
  }
}

double Appearance::similarity(const Appearance& other) const {
  double sum = 0;
  int count = 0;
  for (std::size_t z = 0; z < kZoneCount; ++z) {
    if (!zones_[z].is_known || !other.zones_[z].is_known) continue;
    for (std::size_t c = 0; c < kChannelCount; ++c) {
      // Bhattacharyya's coefficient.
      for (std::size_t b = 0; b < kBinCount; ++b)
        sum += std::sqrt(static_cast<double>(zones_[z].bins[c][b]) *
                         static_cast<double>(other.zones_[z].bins[c][b]));
      ++count;
    }
  }
  return count == 0 ? 1 : sum / count;
}

void Appearance::learn(const Appearance& other, double share) {
  for (std::size_t z = 0; z < kZoneCount; ++z) {
    if (!other.zones_[z].is_known) continue;
    if (!zones_[z].is_known) {
      zones_[z] = other.zones_[z];
      continue;
    }
    for (std::size_t c = 0; c < kChannelCount; ++c) {
      for (std::size_t b = 0; b < kBinCount; ++b) {
        float& bin = zones_[z].bins[c][b];
        bin += static_cast<float>(share) * (other.zones_[z].bins[c][b] - bin);
      }
    }
  }
}

}  // namespace ferv::face
