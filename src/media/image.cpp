// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/image.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "ferv/base/error.h"

namespace ferv::media {
namespace {

/// As many pixels as the largest readable picture has: what lies beyond is a mistake, and the positions of
/// all taps fit an int within it.
constexpr double kReachLimit_px = 64.0 * 1024 * 1024;

/// Two pixels side by side: red, green, blue and one number that nobody looks at, twice (GCC's and Clang's
/// vectors).
using FourFloats = float __attribute__((vector_size(16)));
using EightFloats = float __attribute__((vector_size(32)));
using EightInts = int __attribute__((vector_size(32)));
using ManyBytes = std::uint8_t __attribute__((vector_size(32)));
using EightBytes = std::uint8_t __attribute__((vector_size(8)));
constexpr std::size_t kChannels = 3;
constexpr std::size_t kFloatsOfPixel = 4;
constexpr std::size_t kFloatsOfPair = 2 * kFloatsOfPixel;

/// Also false for what is no number.
bool is_within_reach(double begin, double extent) {
  return std::abs(begin) <= kReachLimit_px && extent <= kReachLimit_px;
}

/// line[i] = sum of weights[k] * rows[k][i] over N rows.
template <int N>
[[gnu::always_inline]] inline void weigh_rows(const std::uint8_t* const* rows, const float* weights,
                                              std::span<float> line) {
  float* __restrict to = line.data();
  for (std::size_t i = 0; i < line.size(); ++i) {
    float sum = weights[0] * static_cast<float>(rows[0][i]);
    for (int k = 1; k < N; ++k) sum += weights[k] * static_cast<float>(rows[k][i]);
    to[i] = sum;
  }
}

/// The same for any number of rows, at least one: in order, so that the sums are those of one loop.
[[gnu::always_inline]] inline void weigh_all_rows(std::span<const std::uint8_t* const> rows,
                                                  const float* weights, std::span<float> line) {
  switch (rows.size()) {
    case 1:
      return weigh_rows<1>(rows.data(), weights, line);
    case 2:
      return weigh_rows<2>(rows.data(), weights, line);
    case 3:
      return weigh_rows<3>(rows.data(), weights, line);
    case 4:
      return weigh_rows<4>(rows.data(), weights, line);
    default:
      break;
  }
  weigh_rows<4>(rows.data(), weights, line);
  for (std::size_t k = 4; k < rows.size(); ++k) {
    const std::uint8_t* __restrict row = rows[k];
    for (std::size_t i = 0; i < line.size(); ++i) line[i] += weights[k] * static_cast<float>(row[i]);
  }
}

/// A row of the target from a weighted line of the source.
struct LineTaps {
  const int* positions;  ///< [width, tap_count], in numbers, not pixels
  const float*
      weights;  ///< [ceil(width / 2), tap_count, 8]: four times the left pixel's, four times the right's
  std::size_t tap_count;
  std::size_t width;
};

/// Two target pixels from `tap_count` taps each, rounded.
[[gnu::always_inline]] inline EightBytes weigh_pair(const float* line, const int* left, const int* right,
                                                    const float* weights, std::size_t tap_count) {
  constexpr float kWhite = 255;
  constexpr EightFloats kWhites = {kWhite, kWhite, kWhite, kWhite, kWhite, kWhite, kWhite, kWhite};
  // A half, so that the cut to an integer rounds to nearest.
  EightFloats sum = {0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F};
  for (std::size_t k = 0; k < tap_count; ++k) {
    FourFloats left_pixel;
    FourFloats right_pixel;
    EightFloats weight;
    std::memcpy(&left_pixel, line + left[k], sizeof left_pixel);
    std::memcpy(&right_pixel, line + right[k], sizeof right_pixel);
    std::memcpy(&weight, weights + k * kFloatsOfPair, sizeof weight);
    sum += weight * __builtin_shufflevector(left_pixel, right_pixel, 0, 1, 2, 3, 4, 5, 6, 7);
  }
  const EightInts codes = __builtin_convertvector(sum < kWhites ? sum : kWhites, EightInts);
  ManyBytes bytes;
  std::memcpy(&bytes, &codes, sizeof bytes);
  return __builtin_shufflevector(bytes, bytes, 0, 4, 8, 12, 16, 20, 24, 28);
}

/// Pixels but for the last pair are written as four bytes, of which the next pixel covers the fourth.
[[gnu::always_inline]] inline void weigh_columns(const float* line, const LineTaps& taps,
                                                 std::size_t tap_count, std::uint8_t* to) {
  const float* weights = taps.weights;
  const int* left = taps.positions;
  std::size_t x = 0;
  for (; x + 2 < taps.width; x += 2, to += 2 * kChannels) {
    const EightBytes bytes = weigh_pair(line, left, left + tap_count, weights, tap_count);
    std::memcpy(to, &bytes, kFloatsOfPixel);
    std::memcpy(to + kChannels, reinterpret_cast<const char*>(&bytes) + kFloatsOfPixel, kFloatsOfPixel);
    weights += tap_count * kFloatsOfPair;
    left += 2 * tap_count;
  }
  const bool is_pair = x + 1 < taps.width;
  const EightBytes bytes = weigh_pair(line, left, is_pair ? left + tap_count : left, weights, tap_count);
  std::memcpy(to, &bytes, kChannels);
  if (is_pair) std::memcpy(to + kChannels, reinterpret_cast<const char*>(&bytes) + kFloatsOfPixel, kChannels);
}

/// The same, with the usual numbers of taps known to the compiler.
[[gnu::always_inline]] inline void weigh_all_columns(const float* line, const LineTaps& taps,
                                                     std::uint8_t* to) {
  switch (taps.tap_count) {
    case 2:
      return weigh_columns(line, taps, 2, to);
    case 3:
      return weigh_columns(line, taps, 3, to);
    case 4:
      return weigh_columns(line, taps, 4, to);
    default:
      return weigh_columns(line, taps, taps.tap_count, to);
  }
}

/// All that the inner loops need, with what does not change taken out of them.
struct ResizePlan {
  LineTaps columns;
  std::size_t line_begin = 0;  ///< the numbers of a source row that the rectangle needs
  std::size_t line_end = 0;
  const int* row_positions = nullptr;  ///< [height, row_tap_count]
  const float* row_weights = nullptr;
  int row_tap_count = 0;
  int height = 0;
  float* line = nullptr;
};

[[gnu::always_inline]] inline void resize(const ResizePlan& plan, const Image& source, std::uint8_t* target) {
  std::vector<const std::uint8_t*> rows(static_cast<std::size_t>(plan.row_tap_count));
  std::vector<float> weights(rows.size());
  const std::size_t row_bytes = plan.columns.width * kChannels;
  for (int y = 0; y < plan.height; ++y) {
    // Vertical first: whole rows are summed, which the compiler turns into vector code.
    std::size_t count = 0;
    for (int k = 0; k < plan.row_tap_count; ++k) {
      const std::size_t tap = static_cast<std::size_t>(y * plan.row_tap_count + k);
      if (plan.row_weights[tap] == 0.0F) continue;
      rows[count] = source.row(plan.row_positions[tap]) + plan.line_begin;
      weights[count++] = plan.row_weights[tap];
    }
    weigh_all_rows(std::span(rows).first(count), weights.data(),
                   std::span(plan.line + plan.line_begin, plan.line_end - plan.line_begin));
    weigh_all_columns(plan.line, plan.columns, target);
    target += row_bytes;
  }
}

// The same sums in the same order, without fused products: both give the same bytes.
#if defined(__x86_64__) && defined(__GNUC__)
[[gnu::target("avx2")]] void resize_with_avx2(const ResizePlan& plan, const Image& source,
                                              std::uint8_t* target) {
  resize(plan, source, target);
}
bool has_avx2() {
  static const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
  return kHasAvx2;
}
#endif

void resize_on_this_processor(const ResizePlan& plan, const Image& source, std::uint8_t* target) {
#if defined(__x86_64__) && defined(__GNUC__)
  if (has_avx2()) return resize_with_avx2(plan, source, target);
#endif
  resize(plan, source, target);
}

}  // namespace

Resizer::Axis Resizer::make_axis(int source_size, double begin, double extent, int target_size) {
  const double scale = extent / target_size;
  const double support = std::max(1.0, scale);
  Axis axis;
  // As many positions as can lie closer to a centre than `support`.
  axis.tap_count = static_cast<int>(std::ceil(2 * support));
  for (int i = 0; i < target_size; ++i) {
    const double centre = begin + (i + 0.5) * scale;
    const int first = static_cast<int>(std::ceil(centre - support - 0.5));
    std::vector<double> weights;
    double sum = 0;
    for (int k = 0; k < axis.tap_count; ++k) {
      const double distance = std::abs(first + k + 0.5 - centre) / support;
      weights.push_back(std::max(0.0, 1.0 - distance));
      sum += weights.back();
    }
    for (int k = 0; k < axis.tap_count; ++k) {
      axis.positions.push_back(std::clamp(first + k, 0, source_size - 1));
      axis.weights.push_back(static_cast<float>(weights[static_cast<std::size_t>(k)] / sum));
    }
  }
  return axis;
}

void Resizer::turn_around(Axis& axis) {
  const auto tap_count = static_cast<std::ptrdiff_t>(axis.tap_count);
  const auto target_size = static_cast<std::ptrdiff_t>(axis.positions.size()) / tap_count;
  for (std::ptrdiff_t i = 0; i < target_size / 2; ++i) {
    const std::ptrdiff_t first = i * tap_count;
    const std::ptrdiff_t last = (target_size - 1 - i) * tap_count;
    std::swap_ranges(axis.positions.begin() + first, axis.positions.begin() + first + tap_count,
                     axis.positions.begin() + last);
    std::swap_ranges(axis.weights.begin() + first, axis.weights.begin() + first + tap_count,
                     axis.weights.begin() + last);
  }
}

std::vector<float> Resizer::pair_weights(const Axis& axis, int target_size) {
  const auto tap_count = static_cast<std::size_t>(axis.tap_count);
  const auto width = static_cast<std::size_t>(target_size);
  std::vector<float> pairs;
  pairs.reserve((width + 1) * tap_count * kFloatsOfPixel);
  for (std::size_t x = 0; x < width; x += 2) {
    for (std::size_t k = 0; k < tap_count; ++k) {
      pairs.insert(pairs.end(), kFloatsOfPixel, axis.weights[x * tap_count + k]);
      const float right = x + 1 < width ? axis.weights[(x + 1) * tap_count + k] : 0.0F;
      pairs.insert(pairs.end(), kFloatsOfPixel, right);
    }
  }
  return pairs;
}

Resizer::Resizer(int source_width_px, int source_height_px, const Rectangle& box,
                 const ResizeOptions& options)
    : source_width_px_(source_width_px), source_height_px_(source_height_px), options_(options) {
  if (source_width_px < 1 || source_height_px < 1) throw invalid_argument("cannot resize an empty picture");
  if (options.width_px < 1 || options.height_px < 1 || !(box.width > 0) || !(box.height > 0)) {
    throw invalid_argument("cannot resize to or from an empty rectangle");
  }
  if (!is_within_reach(box.left, box.width) || !is_within_reach(box.top, box.height)) {
    throw invalid_argument("cannot resize a rectangle that reaches beyond 64 Mpixel or is no number");
  }
  columns_ = make_axis(source_width_px, box.left, box.width, options.width_px);
  if (options.flip) turn_around(columns_);
  rows_ = make_axis(source_height_px, box.top, box.height, options.height_px);
  for (int& position : columns_.positions) position *= 3;
  columns_.weights = pair_weights(columns_, options.width_px);
  // One number more than the pixels have: the last one is read as four.
  line_.resize(static_cast<std::size_t>(source_width_px) * 3 + 1);
}

void Resizer::apply(const Image& source, std::uint8_t* target) {
  if (source.width_px != source_width_px_ || source.height_px != source_height_px_) {
    throw invalid_argument("picture is " + std::to_string(source.width_px) + "x" +
                           std::to_string(source.height_px) + ", the resizer was made for " +
                           std::to_string(source_width_px_) + "x" + std::to_string(source_height_px_));
  }
  const auto [first_column, last_column] =
      std::minmax_element(columns_.positions.begin(), columns_.positions.end());
  ResizePlan plan;
  plan.columns = {columns_.positions.data(), columns_.weights.data(),
                  static_cast<std::size_t>(columns_.tap_count), static_cast<std::size_t>(options_.width_px)};
  plan.line_begin = static_cast<std::size_t>(*first_column);
  plan.line_end = static_cast<std::size_t>(*last_column) + 3;
  plan.row_positions = rows_.positions.data();
  plan.row_weights = rows_.weights.data();
  plan.row_tap_count = rows_.tap_count;
  plan.height = options_.height_px;
  plan.line = line_.data();
  resize_on_this_processor(plan, source, target);
}

Image crop_and_resize(const Image& source, const Rectangle& box, int width, int height) {
  Resizer resizer(source.width_px, source.height_px, box, {.width_px = width, .height_px = height});
  Image result(width, height);
  resizer.apply(source, result.pixels.data());
  return result;
}

}  // namespace ferv::media
