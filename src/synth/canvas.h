// SPDX-License-Identifier: Apache-2.0
// A cairo picture with the few strokes that painting a face takes.
#pragma once

#include <cairo.h>

#include <memory>
#include <span>

namespace ferv::synth {

struct Point {
  double x = 0;
  double y = 0;
};

/// Components 0 to 1; alpha 1 is opaque.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
  double alpha = 1;

  /// Darker for factor < 1, lighter for > 1; alpha stays.
  [[nodiscard]] Colour scaled(double factor) const;
  [[nodiscard]] Colour with_alpha(double value) const { return {red, green, blue, value}; }
};

/// `share` 0 gives `a`, 1 gives `b`.
[[nodiscard]] Colour mix(const Colour& a, const Colour& b, double share);

struct Ellipse {
  Point centre;
  double radius_x = 0;
  double radius_y = 0;
  double turn_radians = 0;
};

/// An 8-bit picture (cairo's RGB24: 32 bits a pixel, blue lowest) in pixel coordinates, antialiased. Throws
/// kInternal when cairo cannot allocate it. Not thread-safe.
class Canvas {
 public:
  Canvas(int width_px, int height_px);

  [[nodiscard]] int width_px() const { return width_px_; }
  [[nodiscard]] int height_px() const { return height_px_; }
  /// One row of pixels, 4 bytes each: blue, green, red, unused.
  [[nodiscard]] const unsigned char* row(int y) const;

  /// Covers the canvas with `source`, moved so that its pixel (left, top) comes to the upper left corner.
  void copy_from(const Canvas& source, int left, int top);

  void fill_all(const Colour& colour);
  void fill_rectangle(const Point& corner, const Point& size, const Colour& colour);
  /// Top to bottom colour change over a rectangle.
  void fill_rectangle(const Point& corner, const Point& size, const Colour& top, const Colour& bottom);
  void fill_polygon(std::span<const Point> points, const Colour& colour);
  void fill(const Ellipse& ellipse, const Colour& colour);
  void stroke(const Ellipse& ellipse, double width_px, const Colour& colour);
  /// Fades from `colour` in the middle to nothing at the rim.
  void shade(const Ellipse& ellipse, const Colour& colour);

  /// A closed smooth curve through the points (Catmull-Rom).
  void fill_smooth(std::span<const Point> points, const Colour& colour);
  /// The same area, the colour changing along the line from `from` to `to`.
  void fill_smooth(std::span<const Point> points, const Point& from, const Point& to, const Colour& first,
                   const Colour& last);
  /// An open smooth curve through the points, round ends.
  void stroke_smooth(std::span<const Point> points, double width_px, const Colour& colour);

  /// Limits what follows to the smooth closed curve through the points, until end_clip().
  void begin_clip(std::span<const Point> points);
  void end_clip();

 private:
  struct SurfaceDeleter {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };
  struct ContextDeleter {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };
  void set_colour(const Colour& colour);
  void trace_smooth(std::span<const Point> points, bool closed);
  void trace(const Ellipse& ellipse);

  int width_px_;
  int height_px_;
  std::unique_ptr<cairo_surface_t, SurfaceDeleter> surface_;
  std::unique_ptr<cairo_t, ContextDeleter> context_;
};

}  // namespace ferv::synth
