// SPDX-License-Identifier: Apache-2.0
#include "face_painter.h"

#include <algorithm>
#include <array>
#include <vector>

#include "feature_painter.h"
#include "hair_painter.h"

namespace ferv::synth {
namespace {

/// The outline of the head without ears, clockwise from the top, in face units.
std::array<Point, 16> head_outline(const FaceGeometry& face) {
  const double half = face.half_width;
  const double jaw = face.jaw_half_width;
  const double top = face.skull_top_y;
  const double chin = face.chin_y;
  const std::array<Point, 9> right = {Point{0, top},
                                      Point{0.58 * half, top + 0.13},
                                      Point{0.90 * half, top + 0.55},
                                      Point{0.98 * half, -0.25},
                                      Point{1.00 * half, 0.28},
                                      Point{0.93 * half, 0.76},
                                      Point{jaw, chin - 0.48},
                                      Point{0.56 * jaw, chin - 0.10},
                                      Point{0, chin}};
  std::array<Point, 16> outline;
  for (std::size_t i = 0; i < 9; ++i) outline[i] = right[i];
  for (std::size_t i = 1; i < 8; ++i) outline[16 - i] = {-right[i].x, right[i].y};
  return outline;
}

void paint_body(const FacePicture& picture) {
  const FaceProjection& projection = picture.projection;
  Canvas& canvas = picture.canvas;
  // The body hangs below the head, and does not lean with it.
  const Point chin = projection.on_outline({0, 1.7});
  const double unit = projection.length_px(1);
  const auto at = [&](double x, double y) { return Point{chin.x + x * unit, chin.y + y * unit}; };
  const std::array<Point, 10> shoulders = {at(-2.7, 3.2),  at(-2.45, 1.15), at(-1.7, 0.62), at(-0.62, 0.30),
                                           at(-0.2, 0.62), at(0.2, 0.62),   at(0.62, 0.30), at(1.7, 0.62),
                                           at(2.45, 1.15), at(2.7, 3.2)};
  const Colour skin = picture.identity.skin.scaled(0.82);
  const std::array<Point, 8> neck = {at(-0.50, -0.75), at(-0.52, 0.05), at(-0.66, 0.45), at(-0.3, 0.85),
                                     at(0.3, 0.85),    at(0.66, 0.45),  at(0.52, 0.05),  at(0.50, -0.75)};
  const Colour& clothes = picture.identity.clothes;
  canvas.fill_smooth(shoulders, at(0, 0.3), at(0, 1.8), clothes, clothes.scaled(0.7));
  canvas.fill_smooth(neck, at(0, -0.1), at(0, 0.6), skin.scaled(0.62), skin);
  const std::array<Point, 5> collar = {at(-0.68, 0.28), at(-0.42, 0.62), at(0, 0.88), at(0.42, 0.62),
                                       at(0.68, 0.28)};
  canvas.stroke_smooth(collar, 0.09 * unit, clothes.scaled(0.55));
}

void paint_ears(const FacePicture& picture) {
  for (const double sign : {-1.0, 1.0}) {
    const Point centre = picture.projection.on_outline({1.0 * sign * picture.face.half_width, 0.18});
    const double size = picture.identity.shape.ear_size;
    Ellipse ear = {centre, picture.projection.length_px(0.13 * size),
                   picture.projection.length_px(0.26 * size), picture.projection.roll_radians()};
    picture.canvas.fill(ear, picture.identity.skin.scaled(0.80));
    ear.radius_x *= 0.55;
    ear.radius_y *= 0.65;
    picture.canvas.fill(ear, picture.identity.skin.scaled(0.66));
  }
}

void paint_skin(const FacePicture& picture, const std::vector<Point>& outline) {
  const FaceProjection& projection = picture.projection;
  const FaceLight& light = picture.light;
  const Colour& skin = picture.identity.skin;
  const double lit = light.side >= 0 ? 1.0 : -1.0;
  const Point dark_edge = projection.on_outline({-lit * picture.face.half_width, 0.3});
  const Point lit_edge = projection.on_outline({lit * picture.face.half_width, 0.1});
  const double depth = light.strength * std::abs(light.side);
  picture.canvas.fill_smooth(outline, dark_edge, lit_edge, skin.scaled(1 - depth),
                             skin.scaled(1 + 0.25 * depth));
  // Rounding: the rim of the face turns away from the viewer and darkens.
  for (const double sign : {-1.0, 1.0}) {
    picture.canvas.shade(picture.ellipse({1.0 * sign, 0.35}, 0.32, 1.3), picture.shadow(0.5));
  }
  picture.canvas.shade({projection.on_outline({0, picture.face.chin_y}), projection.length_px(0.7),
                        projection.length_px(0.22), projection.roll_radians()},
                       picture.shadow(0.4));
  picture.canvas.shade(picture.ellipse({0.12 * lit, -0.62}, 0.55, 0.30), picture.gleam(0.5));
}

void paint_glasses(const FacePicture& picture) {
  if (picture.identity.glasses_style == GlassesStyle::kNone) return;
  const FaceProjection& projection = picture.projection;
  const Colour& colour = picture.identity.glasses_colour;
  const double width_px = projection.length_px(0.045);
  const bool round = picture.identity.glasses_style == GlassesStyle::kRound;
  std::array<Point, 2> inner;
  for (std::size_t side = 0; side < 2; ++side) {
    const double sign = side == 0 ? -1 : 1;
    const Point centre = projection.on_surface({0.44 * sign, 0.06}, 0.08);
    const Ellipse lens = {centre, projection.length_px(round ? 0.30 : 0.33),
                          projection.length_px(round ? 0.27 : 0.21), projection.roll_radians()};
    picture.canvas.fill(lens, {1, 1, 1, 0.07});
    picture.canvas.stroke(lens, width_px, colour);
    inner[side] = projection.on_surface({(round ? 0.14 : 0.11) * sign, 0.02}, 0.08);
    const std::array<Point, 2> arm = {projection.on_surface({0.75 * sign, 0.02}, 0.04),
                                      projection.on_outline({0.98 * sign, 0.05})};
    picture.canvas.stroke_smooth(arm, width_px, colour);
  }
  const std::array<Point, 3> bridge = {inner[0], projection.on_surface({0, -0.03}, 0.14), inner[1]};
  picture.canvas.stroke_smooth(bridge, width_px, colour);
}

}  // namespace

void paint_head(Canvas& canvas, const Identity& identity, const FaceGeometry& face, const HeadPose& pose,
                const FaceLight& light) {
  const FaceProjection projection(pose);
  const FacePicture picture{canvas, identity, face, projection, light};
  std::vector<Point> outline;
  for (const Point& point : head_outline(face)) outline.push_back(projection.on_outline(point));

  paint_hair_behind(picture);
  paint_body(picture);
  paint_ears(picture);
  canvas.begin_clip(outline);
  paint_skin(picture, outline);
  paint_beard(picture);
  paint_skin_folds(picture);
  paint_nose(picture);
  paint_mouth(picture);
  paint_moustache(picture);
  paint_eyes(picture);
  paint_brows(picture);
  canvas.end_clip();
  paint_hair(picture);
  paint_glasses(picture);
}

}  // namespace ferv::synth
