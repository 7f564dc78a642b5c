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
  const std::string& method = options.method;
  if (method != "segments" && method != "padded" && method != "spread" && method != "dense") {
    throw invalid_argument("sampling method is '" + method + "', wanted segments, padded, spread or dense");
  }
  if (options.view_count < 1 || options.view < 0 || options.view >= options.view_count) {
    throw invalid_argument("sampling view is " + std::to_string(options.view) + " of " +
                           std::to_string(options.view_count) + ", wanted 0 to below the number of views");
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

/// Adds a random step of 0 to wanted-1 to each frame.
std::vector<int> spread_at_random(int frame_count, int wanted, Random& random) {
  std::vector<int> frames;
  for (int i = 0; i < wanted; ++i) {
    const int step = static_cast<int>(random.below(static_cast<std::uint64_t>(wanted)));
    const int frame = static_cast<int>(static_cast<std::int64_t>(frame_count) * i / wanted);
    frames.push_back(std::min(frame + step, frame_count - 1));
  }
  return frames;
}

/// View v of V shows every V-th of V * wanted frames, from the v-th on.
std::vector<int> spread_evenly(int frame_count, int wanted, const SamplingOptions& options) {
  std::vector<int> frames;
  const std::int64_t views = options.view_count;
  for (int i = 0; i < wanted; ++i)
    frames.push_back(static_cast<int>(frame_count * (i * views + options.view) / (wanted * views)));
  return frames;
}

std::vector<int> consecutive(int start, int wanted) {
  std::vector<int> frames;
  for (int i = 0; i < wanted; ++i) frames.push_back(start + i);
  return frames;
}

}  // namespace

std::vector<int> training_frames(int frame_count, const SamplingOptions& options, std::uint64_t seed) {
  check(frame_count, options);
  const int n = frame_count;
  const int segments = options.segment_count;
  const int d = options.frames_per_segment;
  if (is_padded_case(n, options)) return padded(n, segments * d);
  Random random(seed);
  const int wanted = segments * d;
  if (options.method == "spread") return spread_at_random(n, wanted, random);
  if (options.method == "dense") {
    if (n <= wanted) return padded(n, wanted);
    return consecutive(static_cast<int>(random.below(static_cast<std::uint64_t>(n - wanted))), wanted);
  }
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
  const int wanted = segments * d;
  if (options.method == "spread") return spread_evenly(n, wanted, options);
  if (options.method == "dense") {
    if (n <= wanted) return padded(n, wanted);
    const int room = n - wanted;
    return consecutive(options.view_count > 1 ? room * options.view / (options.view_count - 1) : room / 2,
                       wanted);
  }
  std::vector<int> offsets(static_cast<std::size_t>(segments), 0);
  if (n > segments + d - 1) {
    const double tick = static_cast<double>(n - d + 1) / segments;
    const double place =
        (2.0 * options.view + 1.0) / (2.0 * options.view_count);  // in a segment; 1/2 of one view
    for (int k = 0; k < segments; ++k)
      offsets[static_cast<std::size_t>(k)] = static_cast<int>(tick * place + tick * k);
  }
  return expand(offsets, n, d);
}

}  // namespace ferv::data
