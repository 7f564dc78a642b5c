// SPDX-License-Identifier: Apache-2.0
// Goes through the plan of a film frame by frame, and writes down its truth.
#include <cstdio>
#include <memory>

#include "ferv/synth/films.h"
#include "film_plan.h"
#include "shot_stage.h"

namespace ferv::synth {

struct FilmRenderer::State {
  FilmRecipe recipe;
  FilmPlan plan;
  std::size_t next_frame = 0;
  std::size_t staged_shot = 0;
  std::unique_ptr<ShotStage> stage;

  explicit State(const FilmRecipe& given) : recipe(given), plan(plan_film(given)) {}
};

FilmRenderer::FilmRenderer(const FilmRecipe& recipe) : state_(std::make_unique<State>(recipe)) {}
FilmRenderer::~FilmRenderer() = default;

const FilmFormat& FilmRenderer::format() const {
  return state_->plan.format;
}

std::size_t FilmRenderer::frame_count() const {
  return state_->plan.frames.size();
}

bool FilmRenderer::render_next(FilmFrame& frame) {
  State& state = *state_;
  if (state.next_frame == state.plan.frames.size()) return false;
  const PlannedFrame& planned = state.plan.frames[state.next_frame];
  const FilmShot& shot = state.plan.shots[planned.shot];
  if (!state.stage || planned.shot != state.staged_shot) {
    state.stage = std::make_unique<ShotStage>(shot, state.plan.format, state.recipe.people_seed);
    state.staged_shot = planned.shot;
  }
  frame.index = static_cast<std::int64_t>(state.next_frame++);
  frame.timestamp_s = planned.timestamp_s;
  frame.shot = static_cast<int>(planned.shot);
  state.stage->paint(planned.timestamp_s - shot.begin_s, frame);
  return true;
}

std::string film_truth_header() {
  return "frame,timestamp_s,shot,identity,left_px,top_px,width_px,height_px,visible,expression,intensity\n";
}

std::string film_truth_lines(const FilmFrame& frame) {
  char head[96];
  std::snprintf(head, sizeof head, "%lld,%.9f,%d,", static_cast<long long>(frame.index), frame.timestamp_s,
                frame.shot);
  if (frame.faces.empty()) return std::string(head) + ",,,,,,,\n";
  std::string lines;
  for (const FilmFace& face : frame.faces) {
    char text[256];
    std::snprintf(text, sizeof text, "%s%d,%.2f,%.2f,%.2f,%.2f,%.3f,%s,%.3f\n", head, face.identity,
                  face.box.left, face.box.top, face.box.width, face.box.height, face.visible,
                  std::string(name_of(face.expression)).c_str(), face.intensity);
    lines += text;
  }
  return lines;
}

}  // namespace ferv::synth
