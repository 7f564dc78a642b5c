// SPDX-License-Identifier: Apache-2.0
// Reads the table beside a film that says who is where in it.
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/face/tracking_score.h"

namespace ferv::face {
namespace {

constexpr std::size_t kFileLimitBytes = std::size_t{1} << 30;
constexpr std::size_t kLineLimit = 10'000'000;
/// What is read; columns may follow.
constexpr std::string_view kHeader =
    "frame,timestamp_s,shot,identity,left_px,top_px,width_px,height_px,visible";
constexpr std::size_t kColumnCount = 9;
constexpr double kLargestPx = 1e6;

/// A line of the table, for its fields and for messages.
struct Line {
  const std::filesystem::path& path;
  std::size_t number = 0;
  std::array<std::string_view, kColumnCount> fields = {};

  [[nodiscard]] Error error(const std::string& message) const {
    return corrupt_data(path, "line " + std::to_string(number) + ": " + message);
  }

  void split(std::string_view text) {
    for (std::size_t i = 0; i < kColumnCount; ++i) {
      const std::size_t comma = text.find(',');
      if (comma == std::string_view::npos && i + 1 < kColumnCount)
        throw error("has " + std::to_string(i + 1) + " fields, wanted at least 9");
      fields[i] = text.substr(0, comma);
      text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
  }

  [[nodiscard]] double number_at(std::size_t column, double low, double high) const {
    const std::string_view field = fields[column];
    double value = 0;
    const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (code != std::errc() || end != field.data() + field.size() || !(value >= low && value <= high))
      throw error("field " + std::to_string(column + 1) + " is no number in its range");
    return value;
  }

  [[nodiscard]] int integer_at(std::size_t column, int high) const {
    const double value = number_at(column, 0, high);
    if (value != std::floor(value))
      throw error("field " + std::to_string(column + 1) + " is no whole number");
    return static_cast<int>(value);
  }
};

void add_line(const Line& line, std::vector<TrueFrame>& frames) {
  const int index = line.integer_at(0, static_cast<int>(kLineLimit));
  const auto count = static_cast<int>(frames.size());
  if (index != count && index != count - 1)
    throw line.error("is of frame " + std::to_string(index) + ", wanted " + std::to_string(count));
  if (index == count) {
    TrueFrame frame;
    frame.timestamp_s = line.number_at(1, 0, 1e7);
    frame.shot = line.integer_at(2, static_cast<int>(kLineLimit));
    if (count > 0 && (frame.timestamp_s < frames.back().timestamp_s || frame.shot < frames.back().shot))
      throw line.error("goes back in time or to an earlier shot");
    frames.push_back(std::move(frame));
  }
  if (line.fields[3].empty()) return;
  TrueFace face;
  face.identity = line.integer_at(3, 1'000'000'000);
  face.box = {line.number_at(4, -kLargestPx, kLargestPx), line.number_at(5, -kLargestPx, kLargestPx),
              line.number_at(6, 0, kLargestPx), line.number_at(7, 0, kLargestPx)};
  face.visible = line.number_at(8, 0, 1);
  frames.back().faces.push_back(face);
}

}  // namespace

std::vector<TrueFrame> parse_film_truth(std::string_view text, const std::filesystem::path& path) {
  std::vector<TrueFrame> frames;
  Line line{path};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.ends_with('\r')) content.remove_suffix(1);
    if (++line.number > kLineLimit) throw line.error("is one too many, the limit is 10 million");
    if (line.number == 1) {
      if (!content.starts_with(kHeader)) throw line.error("wanted the header " + std::string(kHeader));
      continue;
    }
    if (content.empty()) continue;
    line.split(content);
    add_line(line, frames);
  }
  if (frames.empty()) throw corrupt_data(path, "holds no frames, wanted a table of a film's faces");
  return frames;
}

std::vector<TrueFrame> read_film_truth(const std::filesystem::path& path) {
  return parse_film_truth(read_text_file(path, kFileLimitBytes), path);
}

}  // namespace ferv::face
