// SPDX-License-Identifier: Apache-2.0
#include "background_painter.h"

#include <array>
#include <cmath>
#include <numbers>

namespace ferv::synth {
namespace {

/// A canvas with its size as real numbers, and the colours of this clip.
struct Scenery {
  Canvas& canvas;
  double width;
  double height;
  Colour first;
  Colour second;
  Random& random;

  Colour varied(const Colour& colour, double spread) const {
    return colour.scaled(random.uniform(1 - spread, 1 + spread));
  }
  void rectangle(double left, double top, double wide, double high, const Colour& colour) const {
    canvas.fill_rectangle({left, top}, {wide, high}, colour);
  }
  void wash(const Colour& top, const Colour& bottom) const {
    canvas.fill_rectangle({0, 0}, {width, height}, top, bottom);
  }
  void glow(double x, double y, double radius, const Colour& colour) const {
    canvas.shade({{x, y}, radius, radius}, colour);
  }
};

void paint_plain_wall(const Scenery& scenery) {
  scenery.wash(scenery.first.scaled(1.05), scenery.first.scaled(0.8));
  const double left = scenery.random.uniform(0, 0.25) * scenery.width;
  const double wide = scenery.random.uniform(60, 100);
  scenery.rectangle(left, 30, wide, wide * 0.75, scenery.second.scaled(0.55));
  scenery.rectangle(left + 5, 35, wide - 10, wide * 0.75 - 10, scenery.second);
  scenery.rectangle(scenery.random.uniform(0.75, 0.85) * scenery.width, 0.2 * scenery.height, 70,
                    scenery.height, scenery.second.scaled(0.8));
}

void paint_office(const Scenery& scenery) {
  scenery.wash(scenery.first.scaled(1.1), scenery.first.scaled(0.9));
  const double pane = scenery.random.uniform(55, 85);
  for (double x = -scenery.random.uniform(0, pane); x < scenery.width; x += pane) {
    scenery.rectangle(x, 0, pane - 8, 0.62 * scenery.height, scenery.varied({0.78, 0.87, 0.95}, 0.08));
    scenery.rectangle(x, 0.30 * scenery.height, pane - 8, 4, scenery.second);
  }
  scenery.rectangle(0, 0.74 * scenery.height, scenery.width, 0.26 * scenery.height, scenery.second);
}

void paint_stage(const Scenery& scenery) {
  scenery.wash(scenery.first, scenery.first.scaled(0.35));
  for (int i = 0; i < 7; ++i) {
    const double x = scenery.random.uniform(0, scenery.width);
    const double foot = x + scenery.random.uniform(-120, 120);
    const std::array<Point, 4> beam = {Point{x - 5, 0}, Point{x + 5, 0}, Point{foot + 45, scenery.height},
                                       Point{foot - 45, scenery.height}};
    scenery.canvas.fill_polygon(
        beam, mix(scenery.second, {1, 1, 1}, scenery.random.uniform(0, 0.5)).with_alpha(0.22));
    scenery.glow(x, 6, 26, {1, 1, 0.95, 0.9});
  }
}

void paint_blackboard(const Scenery& scenery) {
  scenery.wash(scenery.second, scenery.second.scaled(0.85));
  scenery.rectangle(12, 16, scenery.width - 24, 0.62 * scenery.height, {0.35, 0.24, 0.14});
  scenery.rectangle(19, 23, scenery.width - 38, 0.62 * scenery.height - 14, scenery.first);
  for (int i = 0; i < 9; ++i) {
    const double x = scenery.random.uniform(30, scenery.width - 110);
    const double y = scenery.random.uniform(38, 0.55 * scenery.height);
    const std::array<Point, 5> line = {Point{x, y}, Point{x + 18, y - 7}, Point{x + 34, y + 5},
                                       Point{x + 52, y - 5}, Point{x + 76, y}};
    scenery.canvas.stroke_smooth(line, 1.8, {0.92, 0.92, 0.88, 0.7});
  }
}

void paint_bookshelf(const Scenery& scenery) {
  scenery.wash(scenery.first, scenery.first.scaled(0.7));
  const double shelf = scenery.random.uniform(62, 80);
  for (double y = -20; y < scenery.height; y += shelf) {
    for (double x = 0; x < scenery.width;) {
      const double thick = scenery.random.uniform(6, 15);
      const double high = scenery.random.uniform(0.6, 0.88) * shelf;
      const Colour book = {scenery.random.uniform(0.15, 0.7), scenery.random.uniform(0.12, 0.5),
                           scenery.random.uniform(0.1, 0.45)};
      if (!scenery.random.chance(0.12)) scenery.rectangle(x, y + shelf - 6 - high, thick - 1, high, book);
      x += thick;
    }
    scenery.rectangle(0, y + shelf - 6, scenery.width, 6, scenery.second);
  }
}

void paint_street(const Scenery& scenery) {
  scenery.wash(mix(scenery.first, {0.85, 0.9, 0.97}, 0.5), scenery.first);
  for (double x = -20; x < scenery.width;) {
    const double wide = scenery.random.uniform(50, 100);
    const double top = scenery.random.uniform(0.05, 0.4) * scenery.height;
    const Colour wall =
        mix(scenery.first, scenery.second, scenery.random.uniform()).scaled(scenery.random.uniform(0.6, 1.0));
    scenery.rectangle(x, top, wide, scenery.height, wall);
    for (double row = top + 12; row < 0.75 * scenery.height; row += 24) {
      for (double column = x + 8; column < x + wide - 12; column += 20) {
        scenery.rectangle(column, row, 10, 14,
                          scenery.random.chance(0.3) ? Colour{0.95, 0.85, 0.55} : wall.scaled(0.5));
      }
    }
    x += wide;
  }
  scenery.rectangle(0, 0.85 * scenery.height, scenery.width, 0.15 * scenery.height, {0.25, 0.25, 0.26});
}

void paint_trees(const Scenery& scenery) {
  scenery.wash(mix(scenery.first, {0.8, 0.82, 0.8}, 0.6), scenery.first.scaled(0.7));
  for (int i = 0; i < 9; ++i) {
    const double x = scenery.random.uniform(0, scenery.width);
    scenery.rectangle(x, 0, scenery.random.uniform(5, 18), scenery.height,
                      scenery.varied({0.24, 0.18, 0.12}, 0.3));
  }
  for (int i = 0; i < 40; ++i) {
    const double radius = scenery.random.uniform(15, 45);
    scenery.canvas.fill(
        {{scenery.random.uniform(0, scenery.width), scenery.random.uniform(0, 0.5) * scenery.height},
         radius,
         0.7 * radius},
        mix(scenery.first, scenery.second, scenery.random.uniform()).with_alpha(0.75));
  }
}

void paint_studio(const Scenery& scenery) {
  scenery.wash(scenery.first.scaled(1.1), scenery.first.scaled(0.55));
  for (int i = 0; i < 14; ++i) {
    const double radius = scenery.random.uniform(10, 34);
    scenery.canvas.fill(
        {{scenery.random.uniform(0, scenery.width), scenery.random.uniform(0, 0.8) * scenery.height},
         radius,
         radius},
        mix(scenery.second, {1, 1, 1}, scenery.random.uniform(0, 0.6))
            .with_alpha(scenery.random.uniform(0.15, 0.45)));
  }
  for (int i = 0; i < 3; ++i) {
    scenery.rectangle(0, scenery.random.uniform(0.1, 0.9) * scenery.height, scenery.width, 4,
                      scenery.second.with_alpha(0.7));
  }
}

void paint_curtain(const Scenery& scenery) {
  scenery.wash(scenery.first, scenery.second);
  const double fold = scenery.random.uniform(22, 38);
  for (double x = -fold; x < scenery.width + fold; x += fold) {
    scenery.canvas.shade({{x, 0.5 * scenery.height}, 0.55 * fold, scenery.height},
                         scenery.second.with_alpha(0.9));
    scenery.canvas.shade({{x + 0.5 * fold, 0.4 * scenery.height}, 0.3 * fold, scenery.height},
                         scenery.first.scaled(1.7).with_alpha(0.6));
  }
}

void paint_ward(const Scenery& scenery) {
  scenery.wash(scenery.first.scaled(1.08), scenery.first);
  for (double x = scenery.random.uniform(0, 40); x < 0.4 * scenery.width; x += 14) {
    scenery.rectangle(x, 0, 9, 0.8 * scenery.height, scenery.second.with_alpha(0.6));
  }
  const double left = scenery.random.uniform(0.68, 0.8) * scenery.width;
  scenery.rectangle(left, 40, 80, 56, {0.12, 0.15, 0.17});
  const std::array<Point, 6> pulse = {Point{left + 6, 70},  Point{left + 26, 70}, Point{left + 33, 52},
                                      Point{left + 41, 86}, Point{left + 48, 70}, Point{left + 74, 70}};
  scenery.canvas.stroke_smooth(pulse, 2, {0.3, 0.95, 0.5});
}

void paint_flags(const Scenery& scenery) {
  scenery.wash(scenery.first.scaled(1.2), scenery.first.scaled(0.7));
  const double step = scenery.random.uniform(70, 100);
  for (double x = scenery.random.uniform(0, 40); x < scenery.width; x += step) {
    scenery.rectangle(x, 20, 4, scenery.height, {0.75, 0.68, 0.45});
    const Colour cloth =
        scenery.random.chance(0.5) ? scenery.second : mix(scenery.second, {0.95, 0.9, 0.8}, 0.7);
    const std::array<Point, 5> flag = {Point{x + 4, 24}, Point{x + 44, 44}, Point{x + 40, 130},
                                       Point{x + 22, 165}, Point{x + 4, 150}};
    scenery.canvas.fill_smooth(flag, cloth);
  }
}

void paint_pillars(const Scenery& scenery) {
  scenery.wash(scenery.first, scenery.second);
  const double step = scenery.random.uniform(80, 120);
  for (double x = scenery.random.uniform(-30, 30); x < scenery.width; x += step) {
    scenery.rectangle(x, 0, 40, scenery.height, scenery.first.scaled(1.15));
    scenery.rectangle(x, 0, 9, scenery.height, scenery.second);
    scenery.rectangle(x + 32, 0, 8, scenery.height, scenery.first.scaled(0.8));
    scenery.rectangle(x - 6, 0, 52, 20, scenery.first.scaled(0.7));
  }
}

void paint_bars(const Scenery& scenery) {
  scenery.wash(scenery.first.scaled(1.15), scenery.first.scaled(0.6));
  const double step = scenery.random.uniform(34, 50);
  for (double x = scenery.random.uniform(0, step); x < scenery.width; x += step) {
    scenery.rectangle(x, 0, 8, scenery.height, scenery.second);
    scenery.rectangle(x + 2, 0, 2, scenery.height, scenery.first.scaled(1.5));
  }
  scenery.rectangle(0, scenery.random.uniform(0.1, 0.3) * scenery.height, scenery.width, 8, scenery.second);
}

void paint_ruins(const Scenery& scenery) {
  scenery.wash(mix(scenery.first, {0.95, 0.75, 0.5}, 0.4), scenery.first.scaled(0.7));
  for (int i = 0; i < 16; ++i) {
    const double x = scenery.random.uniform(-40, scenery.width);
    const double top = scenery.random.uniform(0.25, 0.8) * scenery.height;
    const std::array<Point, 5> block = {Point{x, scenery.height}, Point{x + 8, top + 20}, Point{x + 34, top},
                                        Point{x + 62, top + 28}, Point{x + 80, scenery.height}};
    scenery.canvas.fill_polygon(block,
                                mix(scenery.first, scenery.second, scenery.random.uniform()).scaled(0.8));
  }
  scenery.glow(scenery.random.uniform(0, scenery.width), 0.8 * scenery.height, 110, {1.0, 0.55, 0.15, 0.55});
}

void paint_tiles(const Scenery& scenery) {
  scenery.wash(scenery.first, scenery.second);
  const double step = scenery.random.uniform(28, 44);
  for (double x = 0; x < scenery.width; x += step)
    scenery.rectangle(x, 0, 2, scenery.height, scenery.second.scaled(0.7));
  for (double y = 0; y < scenery.height; y += step)
    scenery.rectangle(0, y, scenery.width, 2, scenery.second.scaled(0.7));
  scenery.glow(scenery.random.uniform(0, scenery.width), 0, 150, scenery.first.scaled(2.2).with_alpha(0.5));
}

void paint_crowd(const Scenery& scenery) {
  scenery.wash(scenery.first, scenery.first.scaled(0.6));
  for (int i = 0; i < 10; ++i) {
    scenery.glow(scenery.random.uniform(0, scenery.width), scenery.random.uniform(0, 0.4) * scenery.height,
                 scenery.random.uniform(14, 34), scenery.second.with_alpha(0.7));
  }
  // Out of focus and without features, so that nobody takes them for faces.
  for (int i = 0; i < 8; ++i) {
    const double x = scenery.random.uniform(0, scenery.width);
    const double y = scenery.random.uniform(0.4, 0.65) * scenery.height;
    const Colour coat = scenery.varied(scenery.first, 0.5);
    scenery.canvas.shade({{x, y + 85}, 60, 90}, coat.with_alpha(0.95));
    scenery.canvas.shade({{x, y}, 26, 32}, mix(coat, {0.75, 0.58, 0.46}, 0.5).with_alpha(0.85));
  }
}

}  // namespace

void paint_background(Canvas& canvas, const SceneStyle& style, Random& random) {
  const double share = random.uniform(0, 0.35);
  const double shade = random.uniform(0.85, 1.1);
  const Scenery scenery{canvas,
                        static_cast<double>(canvas.width_px()),
                        static_cast<double>(canvas.height_px()),
                        mix(style.first, style.second, share).scaled(shade),
                        mix(style.second, style.first, 0.5 * share).scaled(shade),
                        random};
  switch (style.backdrop) {
    case Backdrop::kPlainWall:
      paint_plain_wall(scenery);
      break;
    case Backdrop::kOffice:
      paint_office(scenery);
      break;
    case Backdrop::kStage:
      paint_stage(scenery);
      break;
    case Backdrop::kBlackboard:
      paint_blackboard(scenery);
      break;
    case Backdrop::kBookshelf:
      paint_bookshelf(scenery);
      break;
    case Backdrop::kStreet:
      paint_street(scenery);
      break;
    case Backdrop::kTrees:
      paint_trees(scenery);
      break;
    case Backdrop::kStudio:
      paint_studio(scenery);
      break;
    case Backdrop::kCurtain:
      paint_curtain(scenery);
      break;
    case Backdrop::kWard:
      paint_ward(scenery);
      break;
    case Backdrop::kFlags:
      paint_flags(scenery);
      break;
    case Backdrop::kPillars:
      paint_pillars(scenery);
      break;
    case Backdrop::kBars:
      paint_bars(scenery);
      break;
    case Backdrop::kRuins:
      paint_ruins(scenery);
      break;
    case Backdrop::kTiles:
      paint_tiles(scenery);
      break;
    case Backdrop::kCrowd:
      paint_crowd(scenery);
      break;
  }
}

}  // namespace ferv::synth
