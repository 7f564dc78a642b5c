// SPDX-License-Identifier: Apache-2.0
// What a clip looks like in a few bits: the same for copies that were scaled or compressed again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ferv/media/image.h"

namespace ferv::data {

/// 256 bits of one picture: whether each of 16x16 patches is brighter than its right neighbour.
using PictureHash = std::array<std::uint64_t, 4>;
/// First, middle and last frame of a clip.
using ClipHash = std::array<PictureHash, 3>;

inline constexpr int kClipHashBits = 3 * 256;

[[nodiscard]] PictureHash hash_picture(const media::Image& image);

/// False for clips so flat or dark that many look alike: few of their patches differ from their neighbours.
[[nodiscard]] bool is_telling(const ClipHash& look);

/// Differing bits, 0 to kClipHashBits. Stops counting, with any number above it, once `limit` is passed.
[[nodiscard]] int differing_bits(const ClipHash& a, const ClipHash& b, int limit = kClipHashBits);

}  // namespace ferv::data
