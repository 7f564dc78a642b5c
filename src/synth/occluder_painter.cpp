// SPDX-License-Identifier: Apache-2.0
#include "occluder_painter.h"

#include <array>
#include <cmath>
#include <numbers>

#include "ferv/base/random.h"

namespace ferv::synth {
namespace {

/// Pixel positions relative to the head, upright and in face units.
struct HeadFrame {
  const HeadPose& pose;
  [[nodiscard]] Point at(double x, double y) const {
    return {pose.eye_centre_px.x + x * pose.unit_px, pose.eye_centre_px.y + y * pose.unit_px};
  }
  [[nodiscard]] double length_px(double units) const { return units * pose.unit_px; }
};

void paint_hand_microphone(Canvas& canvas, const HeadFrame& head, Random& random) {
  const double side = random.chance(0.5) ? 1 : -1;
  const Point top = head.at(0.25 * side, 2.05);
  const Point foot = head.at(0.75 * side, 3.4);
  const std::array<Point, 2> handle = {top, foot};
  canvas.stroke_smooth(handle, head.length_px(0.24), {0.12, 0.12, 0.13});
  canvas.fill({top, head.length_px(0.25), head.length_px(0.27)}, {0.30, 0.30, 0.32});
  canvas.shade({{top.x - head.length_px(0.08), top.y - head.length_px(0.08)},
                head.length_px(0.16),
                head.length_px(0.16)},
               {0.8, 0.8, 0.82, 0.7});
}

void paint_stand_microphone(Canvas& canvas, const HeadFrame& head, Random& random) {
  const double side = random.uniform(-0.6, 0.6);
  const std::array<Point, 3> neck = {head.at(side, 2.2), head.at(side + 0.05, 2.7), head.at(side + 0.3, 3.6)};
  canvas.stroke_smooth(neck, head.length_px(0.07), {0.08, 0.08, 0.08});
  canvas.fill({head.at(side, 2.15), head.length_px(0.13), head.length_px(0.2)}, {0.14, 0.14, 0.15});
}

void paint_other_shoulder(Canvas& canvas, const HeadFrame& head, Random& random) {
  const double side = random.chance(0.5) ? 1 : -1;
  const double grey = random.uniform(0.08, 0.35);
  const Colour coat = {grey, 0.9 * grey, random.uniform(0.8, 1.3) * grey};
  const Point head_centre = head.at(2.7 * side, 1.0);
  canvas.fill({head.at(2.9 * side, 3.3), head.length_px(1.75), head.length_px(1.35)}, coat);
  canvas.fill({head_centre, head.length_px(0.82), head.length_px(1.15)}, coat.scaled(0.5));
}

void paint_caption(Canvas& canvas, Random& random) {
  const double width = canvas.width_px();
  // Below the chin of every pose that a clip may draw.
  const double top = 0.89 * canvas.height_px();
  const Colour bar = {random.uniform(0, 0.8), random.uniform(0, 0.3), random.uniform(0.1, 0.8), 0.85};
  canvas.fill_rectangle({0, top}, {width, 26}, bar);
  for (double x = 0.12 * width; x < 0.8 * width;) {
    const double wide = random.uniform(5, 16);
    canvas.fill_rectangle({x, top + 8}, {wide, 10}, {1, 1, 1, 0.95});
    x += wide + 4;
  }
}

void paint_letterbox(Canvas& canvas, Random& random) {
  const double high = random.uniform(0.04, 0.07) * canvas.height_px();
  const double width = canvas.width_px();
  canvas.fill_rectangle({0, 0}, {width, high}, {0, 0, 0});
  canvas.fill_rectangle({0, canvas.height_px() - high}, {width, high}, {0, 0, 0});
}

void paint_smoke(Canvas& canvas, Random& random, double time_s) {
  for (int i = 0; i < 7; ++i) {
    const double x = std::fmod(random.uniform(0, 1.4) + random.uniform(0.02, 0.12) * time_s, 1.4) - 0.2;
    const double y = random.uniform(0, 1);
    const double size = random.uniform(50, 110);
    canvas.shade({{x * canvas.width_px(), y * canvas.height_px()}, size, 0.6 * size},
                 {0.72, 0.70, 0.68, random.uniform(0.10, 0.28)});
  }
}

/// A shell over the skull down to the hairline, as points on the head's outline.
void paint_shell(Canvas& canvas, const FaceProjection& projection, const Colour& colour, double volume,
                 double rim_y) {
  const double wide = 1.0 + volume;
  const std::array<Point, 8> shell = {Point{-wide, rim_y + 0.22},   Point{-0.97 * wide, -0.95},
                                      Point{-0.62, -1.42 - volume}, Point{0, -1.55 - volume},
                                      Point{0.62, -1.42 - volume},  Point{0.97 * wide, -0.95},
                                      Point{wide, rim_y + 0.22},    Point{0, rim_y}};
  std::array<Point, 8> points;
  for (std::size_t i = 0; i < shell.size(); ++i) points[i] = projection.on_outline(shell[i]);
  canvas.fill_smooth(points, projection.on_outline({-0.5, -1.6}), projection.on_outline({0.3, -0.5}),
                     colour.scaled(1.4), colour.scaled(0.7));
}

void paint_peak(Canvas& canvas, const FaceProjection& projection, const Colour& colour) {
  const std::array<Point, 6> peak = {Point{-0.85, -0.72}, Point{-0.45, -0.82}, Point{0.45, -0.82},
                                     Point{0.85, -0.72},  Point{0.5, -0.60},   Point{-0.5, -0.60}};
  std::array<Point, 6> points;
  for (std::size_t i = 0; i < peak.size(); ++i) points[i] = projection.on_outline(peak[i]);
  canvas.fill_smooth(points, colour.scaled(0.5));
}

void paint_headset(Canvas& canvas, const FaceProjection& projection) {
  const Colour dark = {0.10, 0.10, 0.11};
  const std::array<Point, 5> band = {projection.on_outline({-1.05, 0.0}),
                                     projection.on_outline({-0.85, -1.15}), projection.on_outline({0, -1.60}),
                                     projection.on_outline({0.85, -1.15}),
                                     projection.on_outline({1.05, 0.0})};
  canvas.stroke_smooth(band, projection.length_px(0.10), dark);
  for (const double sign : {-1.0, 1.0}) {
    canvas.fill({projection.on_outline({1.06 * sign, 0.15}), projection.length_px(0.17),
                 projection.length_px(0.30), projection.roll_radians()},
                dark);
  }
  const std::array<Point, 3> boom = {projection.on_outline({-1.05, 0.35}),
                                     projection.on_outline({-0.95, 1.1}),
                                     projection.on_outline({-0.62, 1.35})};
  canvas.stroke_smooth(boom, projection.length_px(0.05), dark);
}

void paint_hand(Canvas& canvas, const HeadFrame& head, Random& random) {
  const double side = random.chance(0.5) ? 1 : -1;
  const Colour skin = Colour{0.85, 0.66, 0.52}.scaled(random.uniform(0.75, 1.05));
  const std::array<Point, 2> arm = {head.at(1.15 * side, 1.75), head.at(1.5 * side, 3.6)};
  canvas.stroke_smooth(arm, head.length_px(0.5), skin.scaled(0.85));
  for (int finger = 0; finger < 4; ++finger) {
    const double shift = 0.13 * finger;
    const std::array<Point, 2> bone = {head.at((1.20 - 0.4 * shift) * side, 1.65 + 0.2 * shift),
                                       head.at((1.12 - shift * 0.35) * side, 0.95 + shift)};
    canvas.stroke_smooth(bone, head.length_px(0.15), skin.scaled(1.0 - 0.05 * finger));
  }
}

}  // namespace

void paint_occluder(Canvas& canvas, Occluder occluder, const HeadPose& pose, std::uint64_t seed,
                    double time_s) {
  Random random(seed);
  const HeadFrame head{pose};
  const FaceProjection projection(pose);
  switch (occluder) {
    case Occluder::kNone:
      break;
    case Occluder::kHandMicrophone:
      paint_hand_microphone(canvas, head, random);
      break;
    case Occluder::kStandMicrophone:
      paint_stand_microphone(canvas, head, random);
      break;
    case Occluder::kOtherShoulder:
      paint_other_shoulder(canvas, head, random);
      break;
    case Occluder::kCaption:
      paint_caption(canvas, random);
      break;
    case Occluder::kLetterbox:
      paint_letterbox(canvas, random);
      break;
    case Occluder::kSmoke:
      paint_smoke(canvas, random, time_s);
      break;
    case Occluder::kHelmet: {
      const Colour green = Colour{0.30, 0.33, 0.22}.scaled(random.uniform(0.7, 1.3));
      paint_shell(canvas, projection, green, 0.20, -0.80);
      break;
    }
    case Occluder::kPeakedCap: {
      const Colour cloth = {random.uniform(0.05, 0.7), random.uniform(0.05, 0.4), random.uniform(0.05, 0.5)};
      paint_shell(canvas, projection, cloth, 0.10, -0.82);
      paint_peak(canvas, projection, cloth);
      break;
    }
    case Occluder::kSurgicalCap: {
      const Colour cloth = random.chance(0.5) ? Colour{0.45, 0.68, 0.66} : Colour{0.52, 0.70, 0.85};
      paint_shell(canvas, projection, cloth, 0.16, -0.82);
      break;
    }
    case Occluder::kHeadset:
      paint_headset(canvas, projection);
      break;
    case Occluder::kHand:
      paint_hand(canvas, head, random);
      break;
  }
}

}  // namespace ferv::synth
