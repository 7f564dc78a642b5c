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

/// Red, green, blue and one number that nobody looks at, in one register (GCC's and Clang's vectors).
using FourFloats = float __attribute__((vector_size(16)));
using FourInts = int __attribute__((vector_size(16)));
constexpr FourFloats kWhite = {255, 255, 255, 255};

/// Also false for what is no number.
bool is_within_reach(double begin, double extent) {
  return std::abs(begin) <= kReachLimit_px && extent <= kReachLimit_px;
}

/// line[i] = sum of weights[k] * rows[k][i] over N rows.
template <int N>
void weigh_rows(const std::uint8_t* const* rows, const float* weights, std::span<float> line) {
  float* __restrict to = line.data();
  for (std::size_t i = 0; i < line.size(); ++i) {
    float sum = weights[0] * static_cast<float>(rows[0][i]);
    for (int k = 1; k < N; ++k) sum += weights[k] * static_cast<float>(rows[k][i]);
    to[i] = sum;
  }
}

/// The same for any number of rows, at least one: in order, so that the sums are those of one loop.
void weigh_rows(std::span<const std::uint8_t* const> rows, const float* weights, std::span<float> line) {
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

}  // namespace

Resizer::Axis Resizer::make_axis(int source_size, double begin, double extent, int target_size) {
  const double scale = extent / target_size;
  const double support = std::max(1.0, scale);
  Axis axis;
  axis.tap_count = static_cast<int>(std::ceil(support)) * 2 + 1;
  for (int i = 0; i < target_size; ++i) {
    const double centre = begin + (i + 0.5) * scale;
    const int first = static_cast<int>(std::floor(centre - support + 0.5));
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
  rows_ = make_axis(source_height_px, box.top, box.height, options.height_px);
  for (int& position : columns_.positions) position *= 3;
  // One number more than the pixels have: the last one is read as four.
  line_.resize(static_cast<std::size_t>(source_width_px) * 3 + 1);
}

void Resizer::apply(const Image& source, std::uint8_t* target) {
  if (source.width_px != source_width_px_ || source.height_px != source_height_px_) {
    throw invalid_argument("picture is " + std::to_string(source.width_px) + "x" +
                           std::to_string(source.height_px) + ", the resizer was made for " +
                           std::to_string(source_width_px_) + "x" + std::to_string(source_height_px_));
  }
  // Only the columns that the rectangle needs.
  const auto [first_column, last_column] =
      std::minmax_element(columns_.positions.begin(), columns_.positions.end());
  const auto line_begin = static_cast<std::size_t>(*first_column);
  const auto line_end = static_cast<std::size_t>(*last_column) + 3;
  // Bytes may alias anything: pointers kept here need not be read again after each of them is written.
  float* const line = line_.data();
  const float* const column_weights = columns_.weights.data();
  const int* const column_positions = columns_.positions.data();
  const auto tap_count = static_cast<std::size_t>(columns_.tap_count);
  std::vector<const std::uint8_t*> rows;  // with their weights: the taps of a row that are not zero
  std::vector<float> row_weights;
  for (int y = 0; y < options_.height_px; ++y) {
    // Vertical first: whole rows are summed, which the compiler turns into vector code.
    rows.clear();
    row_weights.clear();
    for (int k = 0; k < rows_.tap_count; ++k) {
      const std::size_t tap = static_cast<std::size_t>(y * rows_.tap_count + k);
      if (rows_.weights[tap] == 0.0F) continue;
      rows.push_back(source.row(rows_.positions[tap]) + line_begin);
      row_weights.push_back(rows_.weights[tap]);
    }
    weigh_rows(rows, row_weights.data(), std::span(line + line_begin, line_end - line_begin));
    for (int x = 0; x < options_.width_px; ++x) {
      const std::size_t first = static_cast<std::size_t>(x) * tap_count;
      FourFloats sum = {0.5F, 0.5F, 0.5F, 0.5F};  // rounds to nearest when cut to an integer
      for (std::size_t k = first; k < first + tap_count; ++k) {
        FourFloats pixel;
        std::memcpy(&pixel, line + column_positions[k], sizeof pixel);
        sum += column_weights[k] * pixel;
      }
      std::uint8_t* to = target + 3 * (options_.flip ? options_.width_px - 1 - x : x);
      const FourInts codes = __builtin_convertvector(sum < kWhite ? sum : kWhite, FourInts);
      for (int c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>(codes[c]);
    }
    target += static_cast<std::size_t>(options_.width_px) * 3;
  }
}

Image crop_and_resize(const Image& source, const Rectangle& box, int width, int height) {
  Resizer resizer(source.width_px, source.height_px, box, {.width_px = width, .height_px = height});
  Image result(width, height);
  resizer.apply(source, result.pixels.data());
  return result;
}

}  // namespace ferv::media
