// SPDX-License-Identifier: Apache-2.0
#include "feature_painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ferv::synth {
namespace {

template <std::size_t kCount>
std::array<Point, kCount> projected(const FacePicture& picture, const std::array<Point, kCount>& points) {
  std::array<Point, kCount> result;
  std::transform(points.begin(), points.end(), result.begin(),
                 [&](const Point& point) { return picture.projection.on_surface(point); });
  return result;
}

template <std::size_t kCount>
void stroke(const FacePicture& picture, const std::array<Point, kCount>& points, double width,
            const Colour& colour) {
  picture.canvas.stroke_smooth(projected(picture, points), picture.projection.length_px(width), colour);
}

/// The opening between the lids, from the inner corner over the upper lid and back under.
std::array<Point, 8> lid_opening(const EyeGeometry& eye) {
  const auto along = [&](double share) { return eye.inner.x + share * (eye.outer.x - eye.inner.x); };
  const double corner_y = 0.5 * (eye.inner.y + eye.outer.y);
  const auto toward = [&](double lid_y, double share) { return corner_y + share * (lid_y - corner_y); };
  return {eye.inner,
          {along(0.22), toward(eye.upper_y, 0.78)},
          {along(0.52), eye.upper_y},
          {along(0.80), toward(eye.upper_y, 0.72)},
          eye.outer,
          {along(0.78), toward(eye.lower_y, 0.80)},
          {along(0.50), eye.lower_y},
          {along(0.22), toward(eye.lower_y, 0.75)}};
}

void paint_eye(const FacePicture& picture, const EyeGeometry& eye) {
  Canvas& canvas = picture.canvas;
  const std::array<Point, 8> opening = projected(picture, lid_opening(eye));
  canvas.fill_smooth(opening, {0.93, 0.91, 0.88});
  canvas.begin_clip(opening);
  const Ellipse iris = picture.ellipse(eye.iris, eye.iris_radius, eye.iris_radius);
  canvas.fill(iris, picture.identity.iris.scaled(0.55));
  Ellipse inner = iris;
  inner.radius_x *= 0.8;
  inner.radius_y *= 0.8;
  canvas.fill(inner, picture.identity.iris);
  inner.radius_x *= 0.55;
  inner.radius_y *= 0.55;
  canvas.fill(inner, {0.03, 0.02, 0.02});
  const Point glint = {iris.centre.x - 0.3 * iris.radius_x, iris.centre.y - 0.35 * iris.radius_y};
  canvas.fill(Ellipse{glint, 0.22 * iris.radius_x, 0.22 * iris.radius_y}, {1, 1, 1, 0.9});
  // The upper lid throws a shadow on the ball.
  const std::array<Point, 3> under_lid = {opening[1], opening[2], opening[3]};
  canvas.stroke_smooth(under_lid, picture.projection.length_px(0.05), {0.1, 0.05, 0.05, 0.35});
  canvas.end_clip();

  const std::array<Point, 5> upper = {opening[0], opening[1], opening[2], opening[3], opening[4]};
  canvas.stroke_smooth(upper, picture.projection.length_px(0.034), {0.08, 0.05, 0.04, 0.95});
  const std::array<Point, 5> lower = {opening[4], opening[5], opening[6], opening[7], opening[0]};
  canvas.stroke_smooth(lower, picture.projection.length_px(0.016), picture.shadow(0.7));
}

void paint_socket(const FacePicture& picture, std::size_t side) {
  const EyeGeometry& eye = picture.face.eyes[side];
  const BrowGeometry& brow = picture.face.brows[side];
  const double middle = 0.5 * (eye.inner.x + eye.outer.x);
  const double brow_y = 0.5 * (brow.line[1].y + brow.line[2].y);
  const double depth = 0.34 + 0.4 * picture.light.top;
  picture.canvas.shade(picture.ellipse({middle * 0.93, 0.55 * brow_y + 0.01}, 0.36, 0.21),
                       picture.shadow(depth));
  picture.canvas.shade(picture.ellipse({0.19 * sign_of(side), -0.03}, 0.14, 0.24),
                       picture.shadow(depth * 0.9));
  picture.canvas.shade(picture.ellipse({middle, 0.13}, 0.30, 0.10),
                       picture.shadow(0.22 + 0.12 * picture.identity.age));
  // The crease between lid and brow follows the lid.
  const double crease_y = std::min(eye.upper_y, -0.06) - 0.055;
  const std::array<Point, 3> crease = {Point{eye.inner.x + 0.04 * sign_of(side), crease_y + 0.06},
                                       Point{middle, crease_y}, Point{eye.outer.x, crease_y + 0.07}};
  stroke(picture, crease, 0.02, picture.shadow(0.5));
}

void paint_crow_feet(const FacePicture& picture, std::size_t side) {
  const EyeGeometry& eye = picture.face.eyes[side];
  const double alpha = 0.6 * eye.crow_feet;
  const double sign = sign_of(side);
  for (const double rise : {-0.08, 0.0, 0.08}) {
    const std::array<Point, 2> fold = {Point{eye.outer.x + 0.05 * sign, eye.outer.y + 0.35 * rise},
                                       Point{eye.outer.x + 0.17 * sign, eye.outer.y + rise * 1.1}};
    stroke(picture, fold, 0.016, picture.shadow(alpha));
  }
  // The raised cheek pushes a pouch up under the lower lid.
  const double middle = 0.5 * (eye.inner.x + eye.outer.x);
  const std::array<Point, 3> pouch = {Point{eye.inner.x, eye.lower_y + 0.07},
                                      Point{middle, eye.lower_y + 0.085},
                                      Point{eye.outer.x, eye.lower_y + 0.045}};
  stroke(picture, pouch, 0.022, picture.shadow(0.18 + 0.55 * eye.crow_feet));
}

/// Five points from the left corner over the middle to the right corner, along one edge of a lip.
std::array<Point, 5> lip_edge(const MouthGeometry& mouth, double middle_y, double dip) {
  const double middle_x = 0.5 * (mouth.left.x + mouth.right.x);
  const auto between = [&](const Point& corner) {
    return Point{middle_x + 0.5 * (corner.x - middle_x), middle_y + 0.25 * (corner.y - middle_y) - dip};
  };
  return {mouth.left, between(mouth.left), {middle_x, middle_y}, between(mouth.right), mouth.right};
}

template <std::size_t kCount>
void append_inner(std::vector<Point>& outline, const std::array<Point, kCount>& edge, bool reversed) {
  // Corners are there once already.
  for (std::size_t i = 1; i + 1 < kCount; ++i) outline.push_back(edge[reversed ? kCount - 1 - i : i]);
}

void paint_mouth_opening(const FacePicture& picture, const std::vector<Point>& opening) {
  const MouthGeometry& mouth = picture.face.mouth;
  Canvas& canvas = picture.canvas;
  canvas.fill_smooth(opening, {0.17, 0.04, 0.05});
  canvas.begin_clip(opening);
  const double height = mouth.lower_inner_y - mouth.upper_inner_y;
  const double middle_x = 0.5 * (mouth.left.x + mouth.right.x);
  if (height > 0.16) {
    canvas.shade(picture.ellipse({middle_x, mouth.lower_inner_y}, 0.24, 0.5 * height),
                 {0.72, 0.30, 0.30, 0.95});
  }
  const double corner_y = 0.5 * (mouth.left.y + mouth.right.y);
  const auto band = [&](double edge_y, double inward, double thickness) {
    const std::array<Point, 3> line = {Point{mouth.left.x, edge_y + 0.3 * (corner_y - edge_y) + inward},
                                       Point{middle_x, edge_y + inward},
                                       Point{mouth.right.x, edge_y + 0.3 * (corner_y - edge_y) + inward}};
    stroke(picture, line, thickness, {0.95, 0.93, 0.88});
  };
  if (mouth.upper_teeth > 0.01) band(mouth.upper_inner_y, 0.5 * mouth.upper_teeth, mouth.upper_teeth);
  if (mouth.lower_teeth > 0.01) band(mouth.lower_inner_y, -0.5 * mouth.lower_teeth, mouth.lower_teeth);
  canvas.end_clip();
}

}  // namespace

void paint_skin_folds(const FacePicture& picture) {
  const FaceGeometry& face = picture.face;
  for (std::size_t side = 0; side < 2; ++side) {
    const double sign = sign_of(side);
    const Point& corner = side == 0 ? face.mouth.left : face.mouth.right;
    const double lift = face.cheek_lift[side];
    picture.canvas.shade(picture.ellipse({0.60 * sign, 0.48 - 0.8 * lift}, 0.30, 0.22),
                         picture.gleam(0.35 + 1.2 * lift));
    picture.canvas.shade(picture.ellipse({0.62 * sign, 0.62 - 0.8 * lift}, 0.26, 0.20),
                         {0.85, 0.25, 0.20, 0.12 + 0.9 * lift});
    picture.canvas.shade(picture.ellipse({0.80 * sign, 0.88}, 0.22, 0.42), picture.shadow(0.30));
    const std::array<Point, 4> fold = {
        Point{(face.nose_half_width + 0.05) * sign, face.nose_tip_y - 0.02 - face.wing_lift},
        Point{(face.nose_half_width + 0.16) * sign, face.nose_tip_y + 0.13 - face.wing_lift},
        Point{corner.x + 0.075 * sign, corner.y - 0.12}, Point{corner.x + 0.10 * sign, corner.y + 0.06}};
    stroke(picture, fold, 0.022 + 0.02 * face.smile_fold[side], picture.shadow(0.75 * face.smile_fold[side]));
  }
  for (const double x : {-0.065, 0.065}) {
    const std::array<Point, 2> frown = {Point{x, -0.40}, Point{x * 0.75, -0.20}};
    stroke(picture, frown, 0.03, picture.shadow(0.8 * face.frown_fold));
  }
  for (const double y : {-0.56, -0.67, -0.78}) {
    const std::array<Point, 3> line = {Point{-0.46, y + 0.03}, Point{0, y - 0.01}, Point{0.46, y + 0.03}};
    stroke(picture, line, 0.022, picture.shadow(0.65 * face.forehead_fold));
  }
  for (const double y : {0.04, 0.13, 0.22}) {
    const double half = 0.09 + 0.25 * y;
    const std::array<Point, 3> line = {Point{-half, y + 0.045}, Point{0, y - 0.02}, Point{half, y + 0.045}};
    stroke(picture, line, 0.026, picture.shadow(0.8 * face.nose_fold));
  }
}

void paint_nose(const FacePicture& picture) {
  const FaceGeometry& face = picture.face;
  const FaceProjection& projection = picture.projection;
  const double tip_y = face.nose_tip_y;
  const double wing_y = tip_y + 0.02 - face.wing_lift;
  const double half = face.nose_half_width;
  // The side away from the light is dark along the bridge.
  const double dark_side = picture.light.side > 0 ? -1 : 1;
  picture.canvas.shade(picture.ellipse({0.13 * dark_side, 0.30}, 0.12, 0.42), picture.shadow(0.45));
  picture.canvas.shade(picture.ellipse({-0.13 * dark_side, 0.32}, 0.09, 0.40), picture.shadow(0.18));
  const Ellipse bridge = {projection.on_surface({0, 0.28}, 0.12), projection.length_px(0.075),
                          projection.length_px(0.40), projection.roll_radians()};
  picture.canvas.shade(bridge, picture.gleam(0.55));
  picture.canvas.shade(picture.ellipse({0, wing_y + 0.16}, half * 1.5, 0.14),
                       picture.shadow(0.35 + 0.5 * picture.light.top));
  const Ellipse tip = {projection.on_surface({0, tip_y - 0.06}, 0.2), projection.length_px(0.13),
                       projection.length_px(0.12), projection.roll_radians()};
  picture.canvas.shade(tip, picture.gleam(0.6));
  for (const double sign : {-1.0, 1.0}) {
    const std::array<Point, 4> wing = {
        Point{0.80 * half * sign, wing_y - 0.15}, Point{1.05 * half * sign, wing_y - 0.05},
        Point{1.00 * half * sign, wing_y + 0.05}, Point{0.72 * half * sign, wing_y + 0.065}};
    stroke(picture, wing, 0.03, picture.shadow(0.65));
    const Ellipse nostril = {projection.on_surface({0.48 * half * sign, wing_y + 0.055}, 0.08),
                             projection.length_px(0.058), projection.length_px(0.032),
                             projection.roll_radians()};
    picture.canvas.fill(nostril, {0.13, 0.05, 0.04, 0.9});
  }
}

void paint_eyes(const FacePicture& picture) {
  for (std::size_t side = 0; side < 2; ++side) {
    paint_socket(picture, side);
    paint_eye(picture, picture.face.eyes[side]);
    paint_crow_feet(picture, side);
  }
}

void paint_brows(const FacePicture& picture) {
  for (const BrowGeometry& brow : picture.face.brows) {
    const std::array<Point, 4>& line = brow.line;
    const double thick = brow.thickness;
    // Full next to the nose, thin at the outer end.
    const std::array<Point, 7> outline = {
        Point{line[0].x, line[0].y - 0.45 * thick}, Point{line[1].x, line[1].y - 0.62 * thick},
        Point{line[2].x, line[2].y - 0.50 * thick}, line[3],
        Point{line[2].x, line[2].y + 0.38 * thick}, Point{line[1].x, line[1].y + 0.50 * thick},
        Point{line[0].x, line[0].y + 0.55 * thick}};
    picture.canvas.fill_smooth(projected(picture, outline), picture.identity.brows.with_alpha(0.94));
  }
}

void paint_mouth(const FacePicture& picture) {
  const FaceGeometry& face = picture.face;
  const MouthGeometry& mouth = face.mouth;
  Canvas& canvas = picture.canvas;
  const std::array<Point, 5> upper_outer =
      lip_edge(mouth, mouth.upper_inner_y - 0.8 * mouth.upper_thickness, 0.22 * mouth.upper_thickness);
  const std::array<Point, 5> upper_inner = lip_edge(mouth, mouth.upper_inner_y, 0);
  const std::array<Point, 5> lower_inner = lip_edge(mouth, mouth.lower_inner_y, 0);
  const std::array<Point, 5> lower_outer = lip_edge(mouth, mouth.lower_inner_y + mouth.lower_thickness, 0);
  const auto place = [&](std::vector<Point>& points) {
    for (Point& point : points) point = picture.projection.on_surface(point);
  };
  const auto outline = [&](const std::array<Point, 5>& top, const std::array<Point, 5>& bottom) {
    std::vector<Point> points = {mouth.left};
    append_inner(points, top, false);
    points.push_back(mouth.right);
    append_inner(points, bottom, true);
    place(points);
    return points;
  };
  const double under_y = mouth.lower_inner_y + mouth.lower_thickness + 0.07;
  canvas.shade(picture.ellipse({0, under_y}, 0.26, 0.09), picture.shadow(0.5));
  canvas.shade(picture.ellipse({0, 0.5 * (under_y + face.chin_y) + 0.05}, 0.26, 0.17), picture.gleam(0.3));
  canvas.shade(picture.ellipse({0, face.chin_y - 0.2}, 0.24, 0.14), picture.shadow(0.5 * face.chin_fold));
  const Point top = picture.projection.on_surface({0, mouth.upper_inner_y - mouth.upper_thickness});
  const Point bottom = picture.projection.on_surface({0, mouth.lower_inner_y + mouth.lower_thickness});
  canvas.fill_smooth(outline(upper_outer, lower_outer), top, bottom, picture.identity.lips.scaled(0.78),
                     picture.identity.lips.scaled(1.1));
  const std::vector<Point> opening = outline(upper_inner, lower_inner);
  if (mouth.lower_inner_y - mouth.upper_inner_y > 0.02) paint_mouth_opening(picture, opening);
  stroke(picture, upper_inner, 0.028, {0.20, 0.05, 0.05, 0.85});
  canvas.shade(picture.ellipse(mouth.left, 0.05, 0.05), picture.shadow(0.6));
  canvas.shade(picture.ellipse(mouth.right, 0.05, 0.05), picture.shadow(0.6));
}

}  // namespace ferv::synth
