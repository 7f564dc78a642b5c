// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/frame_painter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "ferv/base/error.h"

namespace ferv::inference {
namespace {

constexpr double kNoticeS = 4;
/// The whole frame is searched for new faces every 0.4 s, so a face may be in sight that long before it is
/// found.
constexpr double kHiddenAroundS = 0.5;
/// A head becomes so many patches a side: too few for its features.
constexpr int kPatches = 5;

/// Of persons 1, 2, ..., then over again: light enough for black letters.
constexpr std::array<std::array<int, 3>, 6> kColours = {
    {{230, 159, 0}, {86, 180, 233}, {0, 190, 140}, {240, 228, 66}, {213, 130, 60}, {220, 150, 190}}};

cv::Scalar colour_of(int face_id) {
  const auto& colour = kColours[static_cast<std::size_t>(face_id - 1) % kColours.size()];
  return {static_cast<double>(colour[0]), static_cast<double>(colour[1]), static_cast<double>(colour[2])};
}

cv::Mat view_of(media::Image& image) {
  return {image.height_px, image.width_px, CV_8UC3, image.pixels.data()};
}

int whole_px(double value) {
  return static_cast<int>(std::lround(std::clamp(value, -1e6, 1e6)));
}

/// Letters that suit the size of a picture.
struct Lettering {
  double scale = 1;
  int thickness_px = 1;
  int line_px = 0;    ///< height of letters
  int margin_px = 2;  ///< around them

  explicit Lettering(const cv::Mat& picture) {
    scale = std::clamp(picture.rows / 800.0, 0.35, 2.0);
    thickness_px = std::max(1, whole_px(1.4 * scale));
    line_px = size_of("Ag").height;
    margin_px = std::max(2, whole_px(5 * scale));
  }
  [[nodiscard]] cv::Size size_of(const std::string& text) const {
    int below = 0;
    const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, thickness_px, &below);
    return {size.width, size.height + below};
  }
  /// On a plate of `plate` colour whose top left corner is at `x`, `y`.
  void write(cv::Mat& picture, cv::Point corner, const std::string& text, const cv::Scalar& plate) const {
    const cv::Size size = size_of(text);
    const bool is_dark = plate[0] + plate[1] + plate[2] < 300;
    cv::rectangle(picture,
                  cv::Rect(corner.x, corner.y, size.width + 2 * margin_px, size.height + 2 * margin_px),
                  plate, cv::FILLED);
    cv::putText(picture, text, {corner.x + margin_px, corner.y + margin_px + line_px * 3 / 4},
                cv::FONT_HERSHEY_SIMPLEX, scale, is_dark ? cv::Scalar(255, 255, 255) : cv::Scalar(0, 0, 0),
                thickness_px, cv::LINE_AA);
  }
};

void draw_face(cv::Mat& picture, const TimelineRow& row, const std::vector<std::string>& classes) {
  const Lettering lettering(picture);
  const cv::Rect box(whole_px(row.box.left), whole_px(row.box.top), whole_px(row.box.width),
                     whole_px(row.box.height));
  cv::rectangle(picture, box, colour_of(row.face_id), 2 * lettering.thickness_px);
  std::string text = fmt::format("{} {}", row.face_id, label_text(row, classes));
  if (row.label >= 0 && !row.is_uncertain)
    text += fmt::format(" {:.0f} %", 100 * row.probabilities.at(static_cast<std::size_t>(row.label)));
  // Above the box, or inside it where there is no room above.
  const int height = lettering.size_of(text).height + 2 * lettering.margin_px;
  const int top = box.y >= height ? box.y - height : std::max(0, box.y);
  lettering.write(picture, {std::clamp(box.x, 0, std::max(0, picture.cols - 1)), top}, text,
                  colour_of(row.face_id));
}

/// Words of `text`, broken into lines that fit the picture.
std::vector<std::string> broken_lines(const std::string& text, const Lettering& lettering, int width_px) {
  std::vector<std::string> lines(1);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
    if (lines.back().empty() || lettering.size_of(longer).width + 2 * lettering.margin_px <= width_px) {
      lines.back() = longer;
    } else {
      lines.push_back(word);
    }
    begin = end + 1;
  }
  return lines;
}

void draw_notice(cv::Mat& picture) {
  const Lettering lettering(picture);
  const auto lines = broken_lines(std::string(prediction_notice()), lettering, picture.cols);
  const int step_px = lettering.size_of("Ag").height + 2 * lettering.margin_px;
  int top = picture.rows - step_px * static_cast<int>(lines.size());
  for (const std::string& line : lines) {
    lettering.write(picture, {0, top}, line, {0, 0, 0});
    top += step_px;
  }
}

void draw_landmarks(cv::Mat& picture, const TimelineRow& row) {
  if (row.landmarks.size() != face::kLandmarkCount) return;
  struct Line {
    std::size_t begin, end;
    bool is_closed;
  };
  constexpr std::array<Line, 9> kLines = {{{0, 17, false},
                                           {17, 22, false},
                                           {22, 27, false},
                                           {27, 31, false},
                                           {31, 36, false},
                                           {36, 42, true},
                                           {42, 48, true},
                                           {48, 60, true},
                                           {60, 68, true}}};
  for (const Line& line : kLines) {
    std::vector<cv::Point> points;
    for (std::size_t i = line.begin; i < line.end; ++i)
      points.emplace_back(whole_px(row.landmarks[i].x), whole_px(row.landmarks[i].y));
    cv::polylines(picture, points, line.is_closed, colour_of(row.face_id), Lettering(picture).thickness_px,
                  cv::LINE_AA);
  }
}

/// `box` is from brows to chin; the head is larger, by `growth` more.
void hide_head(cv::Mat& picture, const media::Rectangle& box, double growth) {
  const double side = std::max(box.width, box.height) * growth;
  const cv::Rect head(whole_px(box.left + box.width / 2 - 0.85 * side),
                      whole_px(box.top + box.height / 2 - 1.1 * side), whole_px(1.7 * side),
                      whole_px(2 * side));
  const cv::Rect inside = head & cv::Rect(0, 0, picture.cols, picture.rows);
  if (inside.empty()) return;
  cv::Mat region = picture(inside);
  cv::Mat patches, smooth;
  cv::resize(region, patches, {kPatches, kPatches}, 0, 0, cv::INTER_AREA);
  cv::resize(patches, smooth, region.size(), 0, 0, cv::INTER_LINEAR);
  cv::Mat mask = cv::Mat::zeros(region.size(), CV_8UC1);
  cv::ellipse(mask, {head.x - inside.x + head.width / 2, head.y - inside.y + head.height / 2},
              {head.width / 2, head.height / 2}, 0, 0, 360, {255}, cv::FILLED);
  smooth.copyTo(region, mask);
}

}  // namespace

Privacy privacy_from_name(std::string_view name) {
  if (name == "none") return Privacy::kNone;
  if (name == "blur") return Privacy::kBlur;
  if (name == "landmarks") return Privacy::kLandmarks;
  throw invalid_argument("privacy is '" + std::string(name) + "', wanted none, blur or landmarks");
}

FramePainter::FramePainter(const FilmRecord& record, std::vector<std::string> classes, Privacy privacy)
    : record_(record), classes_(std::move(classes)), privacy_(privacy) {}

void FramePainter::hide_faces(media::Image& image, std::size_t frame) const {
  if (privacy_ == Privacy::kBlur) hide_heads(image, frame);
  if (privacy_ != Privacy::kLandmarks) return;
  std::fill(image.pixels.begin(), image.pixels.end(), std::uint8_t{0});
  cv::Mat picture = view_of(image);
  for (const TimelineRow& row : record_.faces_of(frame)) draw_landmarks(picture, row);
}

void FramePainter::hide_heads(media::Image& image, std::size_t frame) const {
  const auto& times = record_.timestamps_s();
  if (frame >= times.size()) return;
  struct Nearest {
    media::Rectangle box;
    double away_s = 0;
  };
  std::map<int, Nearest> heads;
  const auto look_at = [&](std::size_t other) {
    const double away_s = std::abs(times[other] - times[frame]);
    for (const TimelineRow& row : record_.faces_of(other)) {
      const auto [known, is_new] = heads.try_emplace(row.face_id, Nearest{row.box, away_s});
      if (!is_new && away_s < known->second.away_s) known->second = {row.box, away_s};
    }
  };
  for (std::size_t i = frame; i < times.size() && times[i] - times[frame] <= kHiddenAroundS; ++i) look_at(i);
  for (std::size_t i = frame; i-- > 0 && times[frame] - times[i] <= kHiddenAroundS;) look_at(i);
  cv::Mat picture = view_of(image);
  // Where a head is not known but near, it may have moved: a larger piece is hidden.
  for (const auto& [id, head] : heads) hide_head(picture, head.box, 1 + head.away_s / kHiddenAroundS / 2);
}

void FramePainter::annotate(media::Image& image, std::size_t frame) const {
  cv::Mat picture = view_of(image);
  for (const TimelineRow& row : record_.faces_of(frame)) draw_face(picture, row, classes_);
  const auto& times = record_.timestamps_s();
  if (frame < times.size() && times[frame] - times.front() < kNoticeS) draw_notice(picture);
}

}  // namespace ferv::inference
