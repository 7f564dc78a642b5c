// SPDX-License-Identifier: Apache-2.0
#include "perceptual_hash.h"

#include <algorithm>
#include <bit>

namespace ferv::data {
namespace {

constexpr int kColumns = 17;
constexpr int kRows = 16;

/// Rows of a patch that are looked at: more cost time and tell no more.
constexpr int kRowsOfPatch = 4;

/// Mean brightness of one patch, times 1000 or so: only comparisons matter.
std::int64_t brightness(const media::Image& image, int column, int row) {
  const int left = image.width_px * column / kColumns;
  const int right = std::max(left + 1, image.width_px * (column + 1) / kColumns);
  const int top = image.height_px * row / kRows;
  const int bottom = std::max(top + 1, image.height_px * (row + 1) / kRows);
  const int step = std::max(1, (bottom - top) / kRowsOfPatch);
  std::int64_t sum = 0;
  std::int64_t rows = 0;
  for (int y = top; y < bottom && y < image.height_px; y += step, ++rows) {
    const std::uint8_t* pixel = image.row(y) + static_cast<std::size_t>(left) * 3;
    for (int x = left; x < right && x < image.width_px; ++x, pixel += 3)
      sum += 3 * pixel[0] + 6 * pixel[1] + pixel[2];
  }
  return rows == 0 ? 0 : sum * 100 / ((right - left) * rows);
}

}  // namespace

PictureHash hash_picture(const media::Image& image) {
  PictureHash hash{};
  if (image.empty()) return hash;
  for (int row = 0; row < kRows; ++row) {
    std::int64_t left = brightness(image, 0, row);
    for (int column = 0; column + 1 < kColumns; ++column) {
      const std::int64_t right = brightness(image, column + 1, row);
      const auto bit = static_cast<std::size_t>(row * (kColumns - 1) + column);
      if (left > right) hash[bit / 64] |= std::uint64_t{1} << (bit % 64);
      left = right;
    }
  }
  return hash;
}

bool is_telling(const ClipHash& look) {
  return differing_bits(look, ClipHash{}) > kClipHashBits / 12;
}

int differing_bits(const ClipHash& a, const ClipHash& b, int limit) {
  int count = 0;
  for (std::size_t picture = 0; picture < a.size(); ++picture) {
    for (std::size_t word = 0; word < a[picture].size(); ++word) {
      count += std::popcount(a[picture][word] ^ b[picture][word]);
      if (count > limit) return count;
    }
  }
  return count;
}

}  // namespace ferv::data
