// SPDX-License-Identifier: Apache-2.0
#include "shot_stage.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "background_painter.h"
#include "shot_look.h"

namespace ferv::synth {
namespace {

/// The brows' height and the chin's, in face units: the ends of a face's box.
constexpr double kBrowsY = -0.22;
constexpr double kPassingHalfWidthUnits = 0.95;
constexpr double kHandRampS = 0.12;
/// A grid of so many points each way, over an oval in the box, is asked how much of a face can be seen.
constexpr int kVisibilityGrid = 14;

std::size_t at_rate(double time_s, std::size_t count) {
  const auto index = static_cast<std::size_t>(std::lround(std::max(0.0, time_s) * kFrameRateHz));
  return std::min(index, count - 1);
}

bool is_inside(const Ellipse& ellipse, const Point& at) {
  const double x = (at.x - ellipse.centre.x) / ellipse.radius_x,
               y = (at.y - ellipse.centre.y) / ellipse.radius_y;
  return x * x + y * y < 1;
}

/// A head with its hair, as far as it hides what is behind it.
Ellipse head_of(const HeadPose& pose) {
  return {{pose.eye_centre_px.x, pose.eye_centre_px.y + 0.15 * pose.unit_px},
          1.12 * pose.unit_px,
          1.75 * pose.unit_px,
          0};
}

double passing_x(const Cover& cover, double width_px, double time_s) {
  const double share = (time_s - cover.begin_s) / (cover.end_s - cover.begin_s);
  const double way = width_px + 4 * cover.unit_px;
  return -2 * cover.unit_px + way * (cover.leftwards ? 1 - share : share);
}

bool is_passing(const Cover& cover, double time_s) {
  return cover.kind == CoverKind::kPassing && time_s >= cover.begin_s && time_s < cover.end_s;
}

/// How far below its place before the face the hand is, in face units; nullopt when it is out of sight.
std::optional<double> hand_drop(const Cover& cover, double time_s) {
  if (cover.kind != CoverKind::kHand) return std::nullopt;
  const double outside_s = std::max({cover.begin_s - time_s, time_s - cover.end_s, 0.0});
  if (outside_s >= kHandRampS) return std::nullopt;
  return 3.2 * outside_s / kHandRampS;
}

Ellipse palm_of(const HeadPose& pose, double drop_units) {
  return {{pose.eye_centre_px.x, pose.eye_centre_px.y + (0.85 + drop_units) * pose.unit_px},
          0.78 * pose.unit_px,
          0.85 * pose.unit_px,
          0};
}

void paint_hand(Canvas& canvas, const HeadPose& pose, double drop_units, const Colour& skin) {
  const Ellipse palm = palm_of(pose, drop_units);
  const double unit = pose.unit_px;
  for (const double finger : {-0.57, -0.19, 0.19, 0.57}) {
    const std::array<Point, 2> bone = {
        Point{palm.centre.x + finger * unit, palm.centre.y - 0.3 * unit},
        Point{palm.centre.x + 1.1 * finger * unit, palm.centre.y - 1.25 * unit}};
    canvas.stroke_smooth(bone, 0.34 * unit, skin.scaled(0.94));
  }
  const std::array<Point, 2> arm = {Point{palm.centre.x, palm.centre.y + 0.5 * unit},
                                    Point{palm.centre.x + 0.3 * unit, palm.centre.y + 4 * unit}};
  canvas.stroke_smooth(arm, 0.8 * unit, skin.scaled(0.8));
  canvas.fill(palm, skin.scaled(0.88));
}

/// Square, from the brows to the chin.
media::Rectangle face_box(const HeadPose& pose, const FaceGeometry& face) {
  const FaceProjection projection(pose);
  const Point brows = projection.on_surface({0, kBrowsY});
  const Point chin = projection.on_outline({0, face.chin_y});
  const Point middle = projection.on_surface({0, 0.6});
  const double side = std::hypot(chin.x - brows.x, chin.y - brows.y);
  // The features turn with the head, the outline stays: the box lies between.
  const double x = (middle.x + chin.x) / 2, y = (brows.y + chin.y) / 2;
  return {x - side / 2, y - side / 2, side, side};
}

}  // namespace

ShotStage::ShotStage(const FilmShot& shot, const FilmFormat& format, std::uint64_t people_seed)
    : shot_(shot),
      format_(format),
      style_(scene_style(shot.scene)),
      backdrop_(format.width_px, format.height_px),
      canvas_(format.width_px, format.height_px),
      random_(derive_seed(shot.place_seed, "frames", {static_cast<std::uint64_t>(shot.begin_s * 1000)})) {
  for (const Actor& actor : shot.actors) players_.push_back(prepare(actor, people_seed));
  Random setting(derive_seed(shot.place_seed, "scene"));
  paint_background(backdrop_, style_, setting);
  Random filming(derive_seed(shot.place_seed, "camera"));
  light_ = draw_light(style_, filming);
  camera_.emplace(draw_camera(style_, filming), filming);
}

ShotStage::Player ShotStage::prepare(const Actor& actor, std::uint64_t people_seed) const {
  Player player;
  player.actor = actor;
  player.person =
      draw_identity(derive_seed(people_seed, "identity", {static_cast<std::uint64_t>(actor.identity)}));
  const int count = static_cast<int>(std::ceil(shot_.length_s * kFrameRateHz)) + 1;
  Random acting(derive_seed(actor.seed, "expression"));
  player.course = draw_expression_course(actor.expression, count, acting);
  const auto units = action_units_of(actor.expression);
  for (const Activation& moment : player.course) {
    double sum = 0;
    for (const ActionUnit unit : units) sum += moment[unit];
    player.intensity.push_back(units.empty() ? 0 : sum / static_cast<double>(units.size()));
  }
  add_distractors(player.course, acting);
  Random posing(derive_seed(actor.seed, "pose"));
  HeadPose rest;
  rest.unit_px = actor.unit_px;
  player.poses = draw_head_course(rest, HeadMotion(), count, posing);
  return player;
}

HeadPose ShotStage::pose_of(const Player& player, double time_s) const {
  HeadPose pose = player.poses[at_rate(time_s, player.poses.size())];
  const Point place = player.actor.place_px(time_s / shot_.length_s);
  pose.eye_centre_px.x += place.x;
  pose.eye_centre_px.y += place.y;
  return pose;
}

void ShotStage::paint(double time_s, FilmFrame& frame) {
  canvas_.copy_from(backdrop_, 0, 0);
  poses_now_.clear();
  std::vector<FaceGeometry> faces;
  for (const Player& player : players_) {
    poses_now_.push_back(pose_of(player, time_s));
    faces.push_back(make_face_geometry(player.person, player.course[at_rate(time_s, player.course.size())]));
    paint_head(canvas_, player.person, faces.back(), poses_now_.back(), light_);
  }
  if (shot_.cover) paint_cover(time_s, poses_now_.back());
  camera_->record(canvas_, random_, frame.image);

  frame.faces.clear();
  for (std::size_t i = 0; i < players_.size(); ++i) {
    const Player& player = players_[i];
    FilmFace face;
    face.identity = player.actor.identity;
    face.box = face_box(poses_now_[i], faces[i]);
    face.expression = player.actor.expression;
    face.intensity = player.intensity[at_rate(time_s, player.intensity.size())];
    int seen = 0, all = 0;
    for (int y = 0; y < kVisibilityGrid; ++y) {
      for (int x = 0; x < kVisibilityGrid; ++x) {
        const double across = (x + 0.5) / kVisibilityGrid, down = (y + 0.5) / kVisibilityGrid;
        if (std::hypot(across - 0.5, down - 0.5) > 0.5) continue;
        ++all;
        seen += !is_hidden({face.box.left + across * face.box.width, face.box.top + down * face.box.height},
                           i, time_s);
      }
    }
    face.visible = static_cast<double>(seen) / all;
    frame.faces.push_back(face);
  }
}

void ShotStage::paint_cover(double time_s, const HeadPose& nearest) {
  const Cover& cover = *shot_.cover;
  if (is_passing(cover, time_s)) {
    const double x = passing_x(cover, format_.width_px, time_s);
    const double half = kPassingHalfWidthUnits * cover.unit_px;
    const Colour coat = {0.16, 0.15, 0.20};
    canvas_.fill_rectangle({x - half, 0}, {2 * half, static_cast<double>(format_.height_px)},
                           coat.scaled(1.4), coat.scaled(0.7));
  }
  if (const auto drop = hand_drop(cover, time_s))
    paint_hand(canvas_, nearest, *drop, players_.back().person.skin);
}

bool ShotStage::is_hidden(const Point& at, std::size_t index, double time_s) const {
  if (at.x < 0 || at.y < 0 || at.x >= format_.width_px || at.y >= format_.height_px) return true;
  for (std::size_t nearer = index + 1; nearer < poses_now_.size(); ++nearer) {
    if (is_inside(head_of(poses_now_[nearer]), at)) return true;
  }
  if (!shot_.cover) return false;
  const Cover& cover = *shot_.cover;
  if (is_passing(cover, time_s) &&
      std::abs(at.x - passing_x(cover, format_.width_px, time_s)) < kPassingHalfWidthUnits * cover.unit_px)
    return true;
  const auto drop = hand_drop(cover, time_s);
  if (!drop) return false;
  Ellipse hand = palm_of(poses_now_.back(), *drop);
  hand.centre.y -= 0.3 * cover.unit_px;  // with the fingers
  hand.radius_y += 0.3 * cover.unit_px;
  return is_inside(hand, at);
}

}  // namespace ferv::synth
