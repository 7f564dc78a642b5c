// SPDX-License-Identifier: Apache-2.0
#include "canvas.h"

#include <algorithm>
#include <numbers>
#include <string>

#include "ferv/base/error.h"

namespace ferv::synth {
namespace {

struct PatternDeleter {
  void operator()(cairo_pattern_t* pattern) const { cairo_pattern_destroy(pattern); }
};
using Pattern = std::unique_ptr<cairo_pattern_t, PatternDeleter>;

void add_stop(const Pattern& pattern, double offset, const Colour& colour) {
  cairo_pattern_add_color_stop_rgba(pattern.get(), offset, colour.red, colour.green, colour.blue,
                                    colour.alpha);
}

}  // namespace

Colour Colour::scaled(double factor) const {
  return {std::min(1.0, red * factor), std::min(1.0, green * factor), std::min(1.0, blue * factor), alpha};
}

Colour mix(const Colour& a, const Colour& b, double share) {
  const auto blend = [share](double first, double second) { return first + share * (second - first); };
  return {blend(a.red, b.red), blend(a.green, b.green), blend(a.blue, b.blue), blend(a.alpha, b.alpha)};
}

Canvas::Canvas(int width_px, int height_px)
    : width_px_(width_px),
      height_px_(height_px),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_px, height_px)),
      context_(cairo_create(surface_.get())) {
  const cairo_status_t status = cairo_status(context_.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw internal_error("cannot make a picture of " + std::to_string(width_px) + "x" +
                         std::to_string(height_px) + " px: " + cairo_status_to_string(status));
  }
  cairo_set_line_cap(context_.get(), CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context_.get(), CAIRO_LINE_JOIN_ROUND);
  // Half the default flattening error's cost; at this size nobody sees the difference.
  cairo_set_tolerance(context_.get(), 0.2);
}

const unsigned char* Canvas::row(int y) const {
  cairo_surface_flush(surface_.get());
  return cairo_image_surface_get_data(surface_.get()) + y * cairo_image_surface_get_stride(surface_.get());
}

void Canvas::copy_from(const Canvas& source, int left, int top) {
  cairo_set_source_surface(context_.get(), source.surface_.get(), -left, -top);
  cairo_set_operator(context_.get(), CAIRO_OPERATOR_SOURCE);
  cairo_paint(context_.get());
  cairo_set_operator(context_.get(), CAIRO_OPERATOR_OVER);
}

void Canvas::set_colour(const Colour& colour) {
  cairo_set_source_rgba(context_.get(), colour.red, colour.green, colour.blue, colour.alpha);
}

void Canvas::fill_all(const Colour& colour) {
  set_colour(colour);
  cairo_paint(context_.get());
}

void Canvas::fill_rectangle(const Point& corner, const Point& size, const Colour& colour) {
  set_colour(colour);
  cairo_rectangle(context_.get(), corner.x, corner.y, size.x, size.y);
  cairo_fill(context_.get());
}

void Canvas::fill_rectangle(const Point& corner, const Point& size, const Colour& top, const Colour& bottom) {
  const Pattern pattern(cairo_pattern_create_linear(0, corner.y, 0, corner.y + size.y));
  add_stop(pattern, 0, top);
  add_stop(pattern, 1, bottom);
  cairo_set_source(context_.get(), pattern.get());
  cairo_rectangle(context_.get(), corner.x, corner.y, size.x, size.y);
  cairo_fill(context_.get());
}

void Canvas::fill_polygon(std::span<const Point> points, const Colour& colour) {
  set_colour(colour);
  for (const Point& point : points) cairo_line_to(context_.get(), point.x, point.y);
  cairo_close_path(context_.get());
  cairo_fill(context_.get());
}

void Canvas::trace(const Ellipse& ellipse) {
  cairo_save(context_.get());
  cairo_translate(context_.get(), ellipse.centre.x, ellipse.centre.y);
  cairo_rotate(context_.get(), ellipse.turn_radians);
  cairo_scale(context_.get(), std::max(ellipse.radius_x, 0.01), std::max(ellipse.radius_y, 0.01));
  cairo_new_sub_path(context_.get());
  cairo_arc(context_.get(), 0, 0, 1, 0, 2 * std::numbers::pi);
  cairo_restore(context_.get());
}

void Canvas::fill(const Ellipse& ellipse, const Colour& colour) {
  trace(ellipse);
  set_colour(colour);
  cairo_fill(context_.get());
}

void Canvas::stroke(const Ellipse& ellipse, double width_px, const Colour& colour) {
  trace(ellipse);
  set_colour(colour);
  cairo_set_line_width(context_.get(), width_px);
  cairo_stroke(context_.get());
}

void Canvas::shade(const Ellipse& ellipse, const Colour& colour) {
  if (colour.alpha <= 0.004) return;
  const Pattern pattern(cairo_pattern_create_radial(0, 0, 0, 0, 0, 1));
  add_stop(pattern, 0, colour);
  add_stop(pattern, 0.45, colour.with_alpha(colour.alpha * 0.62));
  add_stop(pattern, 1, colour.with_alpha(0));
  cairo_save(context_.get());
  cairo_translate(context_.get(), ellipse.centre.x, ellipse.centre.y);
  cairo_rotate(context_.get(), ellipse.turn_radians);
  cairo_scale(context_.get(), std::max(ellipse.radius_x, 0.01), std::max(ellipse.radius_y, 0.01));
  cairo_set_source(context_.get(), pattern.get());
  cairo_rectangle(context_.get(), -1, -1, 2, 2);
  cairo_fill(context_.get());
  cairo_restore(context_.get());
}

void Canvas::trace_smooth(std::span<const Point> points, bool closed) {
  const auto count = static_cast<int>(points.size());
  const auto at = [&](int i) {
    return points[static_cast<std::size_t>(closed ? (i + count) % count : std::clamp(i, 0, count - 1))];
  };
  cairo_new_path(context_.get());
  cairo_move_to(context_.get(), at(0).x, at(0).y);
  const int segments = closed ? count : count - 1;
  for (int i = 0; i < segments; ++i) {
    const Point before = at(i - 1);
    const Point from = at(i);
    const Point to = at(i + 1);
    const Point after = at(i + 2);
    // A Catmull-Rom segment as a Bezier curve: tangents are a sixth of the chord of the neighbours.
    cairo_curve_to(context_.get(), from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6,
                   to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6, to.x, to.y);
  }
  if (closed) cairo_close_path(context_.get());
}

void Canvas::fill_smooth(std::span<const Point> points, const Colour& colour) {
  trace_smooth(points, true);
  set_colour(colour);
  cairo_fill(context_.get());
}

void Canvas::fill_smooth(std::span<const Point> points, const Point& from, const Point& to,
                         const Colour& first, const Colour& last) {
  trace_smooth(points, true);
  const Pattern pattern(cairo_pattern_create_linear(from.x, from.y, to.x, to.y));
  add_stop(pattern, 0, first);
  add_stop(pattern, 1, last);
  cairo_set_source(context_.get(), pattern.get());
  cairo_fill(context_.get());
}

void Canvas::stroke_smooth(std::span<const Point> points, double width_px, const Colour& colour) {
  if (colour.alpha <= 0.004) return;
  trace_smooth(points, false);
  set_colour(colour);
  cairo_set_line_width(context_.get(), width_px);
  cairo_stroke(context_.get());
}

void Canvas::begin_clip(std::span<const Point> points) {
  cairo_save(context_.get());
  trace_smooth(points, true);
  cairo_clip(context_.get());
}

void Canvas::end_clip() {
  cairo_restore(context_.get());
}

}  // namespace ferv::synth
