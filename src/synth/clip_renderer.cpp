// SPDX-License-Identifier: Apache-2.0
#include "clip_renderer.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "background_painter.h"
#include "face_geometry.h"
#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "head_pose.h"
#include "identity.h"
#include "occluder_painter.h"
#include "scene_style.h"
#include "shot_look.h"
#include "time_course.h"

namespace ferv::synth {
namespace {

/// How far the backdrop reaches beyond a picture, for the camera's shake.
constexpr int kMarginPx = 12;

/// The crop is centred between brows and chin and this many face units wide: about 70 % of it is face.
constexpr double kCropUnits = 3.05;
constexpr double kCropCentreUnits = 0.50;

std::vector<HeadPose> draw_poses(const SceneStyle& style, int frame_count, Random& random) {
  HeadPose rest;
  rest.unit_px = random.uniform(style.face_unit_low_px, style.face_unit_high_px);
  rest.eye_centre_px = {kSceneWidthPx * random.uniform(0.40, 0.60),
                        kSceneHeightPx * random.uniform(0.39, 0.45)};
  HeadMotion motion;
  motion.sway_degrees *= style.sway;
  motion.sway_units *= style.sway;
  return draw_head_course(rest, motion, frame_count, random);
}

std::vector<Occluder> draw_occluders(const SceneStyle& style, Random& random) {
  std::vector<Occluder> occluders;
  if (random.chance(style.usual_chance)) occluders.push_back(style.usual);
  if (random.chance(style.other_chance)) occluders.push_back(style.other);
  return occluders;
}

/// A square about the face as a detector would cut it: steady within a clip but for a little unrest.
media::Rectangle crop_box(const HeadPose& pose, double shift_x, double shift_y, double zoom) {
  const double side = kCropUnits * pose.unit_px * zoom;
  return {pose.eye_centre_px.x + shift_x * pose.unit_px - side / 2,
          pose.eye_centre_px.y + (kCropCentreUnits + shift_y) * pose.unit_px - side / 2, side, side};
}

}  // namespace

struct ClipRenderer::State {
  ClipRecipe recipe;
  int face_size_px;
  const SceneStyle& style;
  Identity identity;
  Random random;  ///< for what is drawn picture by picture
  std::vector<Activation> course;
  std::vector<HeadPose> poses;
  std::vector<Occluder> occluders;
  FaceLight light;
  Canvas backdrop{kSceneWidthPx + 2 * kMarginPx, kSceneHeightPx + 2 * kMarginPx};
  Canvas canvas{kSceneWidthPx, kSceneHeightPx};
  std::optional<Camera> camera;
  std::optional<media::Resizer> resizer;
  double shake_phase = 0;
  int jpeg_quality = 90;
  int next_frame = 0;

  State(const ClipRecipe& given, int size_px)
      : recipe(given),
        face_size_px(size_px),
        style(scene_style(given.scene)),
        identity(draw_identity(given.identity_seed)),
        random(derive_seed(given.clip_seed, "frames")) {
    // A stream for each matter: a change in how one is drawn leaves the others alone.
    Random acting(derive_seed(given.clip_seed, "expression"));
    course = draw_expression_course(given.expression, given.frame_count, acting);
    add_distractors(course, acting);
    Random posing(derive_seed(given.clip_seed, "pose"));
    poses = draw_poses(style, given.frame_count, posing);
    Random setting(derive_seed(given.clip_seed, "scene"));
    paint_background(backdrop, style, setting);
    Random filming(derive_seed(given.clip_seed, "camera"));
    light = draw_light(style, filming);
    camera.emplace(draw_camera(style, filming), filming);
    jpeg_quality = style.quality_low + static_cast<int>(filming.below(static_cast<std::uint64_t>(
                                           style.quality_high - style.quality_low + 1)));
    shake_phase = filming.uniform(0, 6.28);
    const double crop_x = filming.uniform(-0.06, 0.06);
    const double crop_y = filming.uniform(-0.06, 0.06);
    const double zoom = filming.uniform(0.95, 1.07);
    Random hiding(derive_seed(given.clip_seed, "occluders"));
    occluders = draw_occluders(style, hiding);
    // The release crops steadily: one box a clip, about where the head is on average.
    HeadPose mean = poses[poses.size() / 2];
    resizer.emplace(kSceneWidthPx, kSceneHeightPx, crop_box(mean, crop_x, crop_y, zoom),
                    media::ResizeOptions{.width_px = size_px, .height_px = size_px});
  }

  void paint(int frame) {
    const double time_s = frame / kFrameRateHz;
    const auto index = static_cast<std::size_t>(frame);
    const auto shake = [&](double hz, double phase) {
      return static_cast<int>(std::lround(style.shake_px * std::sin(6.2832 * hz * time_s + phase)));
    };
    canvas.copy_from(backdrop, kMarginPx + shake(1.7, shake_phase), kMarginPx + shake(2.3, 2 * shake_phase));
    const FaceGeometry face = make_face_geometry(identity, course[index]);
    paint_head(canvas, identity, face, poses[index], light);
    for (const Occluder occluder : occluders) {
      paint_occluder(canvas, occluder, poses[index], derive_seed(recipe.clip_seed, "occluder"), time_s);
    }
  }
};

ClipRenderer::ClipRenderer(const ClipRecipe& recipe, int face_size_px) {
  if (recipe.frame_count < 1)
    throw invalid_argument("clip has " + std::to_string(recipe.frame_count) + " frames, wanted at least 1");
  if (face_size_px < 1)
    throw invalid_argument("face crop is " + std::to_string(face_size_px) + " px wide, wanted at least 1");
  state_ = std::make_unique<State>(recipe, face_size_px);
}

ClipRenderer::~ClipRenderer() = default;

void ClipRenderer::render_next(RenderedFrame& frame) {
  State& state = *state_;
  if (state.next_frame >= state.recipe.frame_count)
    throw internal_error("asked for more frames than the clip has");
  state.paint(state.next_frame++);
  state.camera->record(state.canvas, state.random, frame.scene);
  frame.face_crop.width_px = frame.face_crop.height_px = state.face_size_px;
  frame.face_crop.pixels.resize(frame.face_crop.row_bytes() * static_cast<std::size_t>(state.face_size_px));
  state.resizer->apply(frame.scene, frame.face_crop.pixels.data());
}

void ClipRenderer::skip(int frames) {
  state_->next_frame += frames;
}

int ClipRenderer::jpeg_quality() const {
  return state_->jpeg_quality;
}

}  // namespace ferv::synth
