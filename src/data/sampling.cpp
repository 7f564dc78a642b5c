// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/sampling.h"

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/base/random.h"

namespace ferv::data {
namespace {

void check(int frame_count, const SamplingOptions& options) {
  if (frame_count < 1)
    throw invalid_argument("a clip has " + std::to_string(frame_count) + " frames, wanted at least 1");
  if (options.segment_count < 1 || options.frames_per_segment < 1) {
    throw invalid_argument("sampling wants at least 1 segment of 1 frame, found " +
                           std::to_string(options.segment_count) + " x " +
                           std::to_string(options.frames_per_segment));
  }
  if (options.method != "segments" && options.method != "padded") {
    throw invalid_argument("sampling method is '" + options.method + "', wanted segments or padded");
  }
}

/// d consecutive frames from every offset; past the end the last frame repeats.
std::vector<int> expand(const std::vector<int>& offsets, int frame_count, int frames_per_segment) {
  std::vector<int> frames;
  frames.reserve(offsets.size() * static_cast<std::size_t>(frames_per_segment));
  for (const int offset : offsets) {
    for (int k = 0; k < frames_per_segment; ++k) frames.push_back(std::min(offset + k, frame_count - 1));
  }
  return frames;
}

/// A clip shorter than wanted, with its last frame repeated: DFER-CLIP's np.pad(range(n), edge).
std::vector<int> padded(int frame_count, int wanted) {
  std::vector<int> frames;
  for (int i = 0; i < wanted; ++i) frames.push_back(std::min(i, frame_count - 1));
  return frames;
}

bool is_padded_case(int frame_count, const SamplingOptions& options) {
  return options.method == "padded" && frame_count < options.segment_count * options.frames_per_segment;
}

}  // namespace

std::vector<int> training_frames(int frame_count, const SamplingOptions& options, std::uint64_t seed) {
  check(frame_count, options);
  const int n = frame_count;
  const int segments = options.segment_count;
  const int d = options.frames_per_segment;
  if (is_padded_case(n, options)) return padded(n, segments * d);
  Random random(seed);
  std::vector<int> offsets(static_cast<std::size_t>(segments), 0);
  const int average = (n - d + 1) / segments;
  if (n - d + 1 > 0 && average > 0) {
    for (int k = 0; k < segments; ++k) {
      offsets[static_cast<std::size_t>(k)] =
          k * average + static_cast<int>(random.below(static_cast<std::uint64_t>(average)));
    }
  } else if (n > segments && n - d + 1 > 0) {
    for (int& offset : offsets)
      offset = static_cast<int>(random.below(static_cast<std::uint64_t>(n - d + 1)));
    std::sort(offsets.begin(), offsets.end());
  }
  return expand(offsets, n, d);
}

std::vector<int> test_frames(int frame_count, const SamplingOptions& options) {
  check(frame_count, options);
  const int n = frame_count;
  const int segments = options.segment_count;
  const int d = options.frames_per_segment;
  if (is_padded_case(n, options)) return padded(n, segments * d);
  std::vector<int> offsets(static_cast<std::size_t>(segments), 0);
  if (n > segments + d - 1) {
    const double tick = static_cast<double>(n - d + 1) / segments;
    for (int k = 0; k < segments; ++k)
      offsets[static_cast<std::size_t>(k)] = static_cast<int>(tick / 2.0 + tick * k);
  }
  return expand(offsets, n, d);
}

}  // namespace ferv::data
