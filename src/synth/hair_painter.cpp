// SPDX-License-Identifier: Apache-2.0
#include "hair_painter.h"

#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace ferv::synth {
namespace {

std::vector<Point> on_outline(const FacePicture& picture, std::span<const Point> points) {
  std::vector<Point> result;
  for (const Point& point : points) result.push_back(picture.projection.on_outline(point));
  return result;
}

/// From the left temple over the skull to the right temple and back along the hairline. `volume` is how far
/// the hair stands off the skull, `fringe_y` the hairline's lowest point in the middle, `parting` where it is
/// highest.
std::vector<Point> cap_outline(const FaceGeometry& face, double volume, double fringe_y, double parting) {
  const double half = face.half_width;
  const double top = face.skull_top_y - volume;
  const std::array<Point, 7> upper = {Point{-(half + 0.4 * volume), 0.10},
                                      Point{-(half + volume), -0.45},
                                      Point{-(0.72 * half + 0.7 * volume), top + 0.28},
                                      Point{0, top},
                                      Point{0.72 * half + 0.7 * volume, top + 0.28},
                                      Point{half + volume, -0.45},
                                      Point{half + 0.4 * volume, 0.10}};
  const std::array<Point, 7> lower = {Point{half - 0.05, 0.06},
                                      Point{half - 0.12, -0.40},
                                      Point{0.66 * half, face.hairline_y + 0.22 - 0.10 * parting},
                                      Point{0.25 * half, fringe_y - 0.10 * parting},
                                      Point{-0.30 * half, fringe_y + 0.08 * parting},
                                      Point{-0.70 * half, face.hairline_y + 0.24 + 0.10 * parting},
                                      Point{-(half - 0.12), -0.40}};
  std::vector<Point> outline(upper.begin(), upper.end());
  outline.insert(outline.end(), lower.begin(), lower.end());
  outline.push_back({-(half - 0.05), 0.06});
  return outline;
}

void paint_cap(const FacePicture& picture, double volume, double fringe_y, double parting) {
  const std::vector<Point> outline =
      on_outline(picture, cap_outline(picture.face, volume, fringe_y, parting));
  const double lit = picture.light.side >= 0 ? 1 : -1;
  const Colour& hair = picture.identity.hair;
  picture.canvas.fill_smooth(outline, picture.projection.on_outline({-lit, -0.6}),
                             picture.projection.on_outline({0.8 * lit, -1.4}), hair.scaled(0.65),
                             hair.scaled(1.35));
}

void paint_curls(const FacePicture& picture) {
  const FaceGeometry& face = picture.face;
  for (int i = 0; i <= 12; ++i) {
    const double angle = std::numbers::pi * (1.06 + 0.88 * (i / 12.0));
    const Point centre = {1.08 * face.half_width * std::cos(angle),
                          -0.35 + (1.02 - face.skull_top_y - 0.65) * std::sin(angle) * 0.66};
    Ellipse curl = {picture.projection.on_outline(centre), picture.projection.length_px(0.27),
                    picture.projection.length_px(0.27), 0};
    picture.canvas.fill(curl, picture.identity.hair.scaled(i % 2 == 0 ? 0.85 : 1.1));
  }
}

}  // namespace

void paint_hair_behind(const FacePicture& picture) {
  const FaceGeometry& face = picture.face;
  const double half = face.half_width;
  const Colour dark = picture.identity.hair.scaled(0.7);
  switch (picture.identity.hair_style) {
    case HairStyle::kLong:
    case HairStyle::kFringe: {
      const double length = picture.identity.hair_style == HairStyle::kLong ? 2.3 : 1.5;
      const std::array<Point, 9> mane = {Point{0, face.skull_top_y - 0.16},
                                         Point{0.85 * half, face.skull_top_y + 0.2},
                                         Point{1.20 * half, -0.3},
                                         Point{1.26 * half, 0.9},
                                         Point{1.10 * half, length},
                                         Point{-1.10 * half, length},
                                         Point{-1.26 * half, 0.9},
                                         Point{-1.20 * half, -0.3},
                                         Point{-0.85 * half, face.skull_top_y + 0.2}};
      picture.canvas.fill_smooth(on_outline(picture, mane), dark);
      break;
    }
    case HairStyle::kBun:
      picture.canvas.fill({picture.projection.on_outline({0.1, face.skull_top_y - 0.22}),
                           picture.projection.length_px(0.42), picture.projection.length_px(0.36), 0},
                          dark);
      break;
    case HairStyle::kCurly:
      paint_curls(picture);
      break;
    case HairStyle::kBald:
    case HairStyle::kShort:
    case HairStyle::kSidePart:
      break;
  }
}

void paint_hair(const FacePicture& picture) {
  const double hairline = picture.face.hairline_y;
  switch (picture.identity.hair_style) {
    case HairStyle::kBald:
      break;
    case HairStyle::kShort:
      paint_cap(picture, 0.09, hairline - 0.02, 0.0);
      break;
    case HairStyle::kSidePart:
      paint_cap(picture, 0.15, hairline + 0.03, 1.0);
      break;
    case HairStyle::kFringe:
      paint_cap(picture, 0.15, hairline + 0.26, 0.15);
      break;
    case HairStyle::kLong:
      paint_cap(picture, 0.14, hairline - 0.06, 0.6);
      break;
    case HairStyle::kCurly:
      paint_cap(picture, 0.16, hairline + 0.06, -0.3);
      break;
    case HairStyle::kBun:
      paint_cap(picture, 0.07, hairline - 0.06, 0.0);
      break;
  }
}

void paint_beard(const FacePicture& picture) {
  const BeardStyle style = picture.identity.beard_style;
  if (style == BeardStyle::kNone || style == BeardStyle::kMoustache) return;
  const FaceGeometry& face = picture.face;
  const double half = face.half_width;
  const double chin = face.chin_y;
  const std::array<Point, 11> area = {Point{-1.05 * half, 0.55}, Point{-0.80 * half, 0.86},
                                      Point{-0.46, 0.92},        Point{0, 0.84},
                                      Point{0.46, 0.92},         Point{0.80 * half, 0.86},
                                      Point{1.05 * half, 0.55},  Point{1.02 * half, chin},
                                      Point{0.4, chin + 0.2},    Point{-0.4, chin + 0.2},
                                      Point{-1.02 * half, chin}};
  std::vector<Point> points;
  for (const Point& point : area) points.push_back(picture.projection.on_surface(point));
  const double alpha = style == BeardStyle::kFull ? 0.82 : 0.28;
  picture.canvas.fill_smooth(
      points, mix(picture.identity.hair, picture.identity.skin.scaled(0.5), 0.15).with_alpha(alpha));
}

void paint_moustache(const FacePicture& picture) {
  const BeardStyle style = picture.identity.beard_style;
  if (style != BeardStyle::kMoustache && style != BeardStyle::kFull) return;
  const MouthGeometry& mouth = picture.face.mouth;
  const double y = mouth.upper_inner_y - mouth.upper_thickness;
  const double left = mouth.left.y - mouth.upper_inner_y;
  const double right = mouth.right.y - mouth.upper_inner_y;
  const std::array<Point, 7> area = {Point{0.92 * mouth.left.x, y + 0.55 * left - 0.01},
                                     Point{-0.20, y - 0.10 + 0.2 * left},
                                     Point{0, y - 0.08},
                                     Point{0.20, y - 0.10 + 0.2 * right},
                                     Point{0.92 * mouth.right.x, y + 0.55 * right - 0.01},
                                     Point{0.20, y + 0.01},
                                     Point{-0.20, y + 0.01}};
  std::vector<Point> points;
  for (const Point& point : area) points.push_back(picture.projection.on_surface(point));
  picture.canvas.fill_smooth(points, picture.identity.hair.scaled(0.9));
}

}  // namespace ferv::synth
