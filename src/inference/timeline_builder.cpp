// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/timeline_builder.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "face_run.h"
#include "ferv/base/error.h"
#include "window_batch.h"

namespace ferv::inference {
namespace {

/// A window of a model that looks at one picture: no longer than a frame of any film.
constexpr double kOneFrameS = 1e-3;
constexpr std::size_t kPicturesTogether = 16;

void validate(const WindowModel& model, const WindowOptions& options) {
  if (!(options.window_s > 0) || !std::isfinite(options.window_s)) {
    throw invalid_argument("window is " + std::to_string(options.window_s) + " s, wanted more than 0");
  }
  if (options.stride < 1)
    throw invalid_argument("stride is " + std::to_string(options.stride) + " frames, wanted at least 1");
  if (options.batch_size < 1) throw invalid_argument("batch size is 0, wanted at least 1 window");
  const double threshold = options.uncertain_below.value_or(model.uncertain_below);
  if (!(threshold >= 0) || threshold > 1) {
    throw invalid_argument("uncertain below " + std::to_string(threshold) +
                           ", wanted a probability from 0 to 1");
  }
  const int sampled = model.sampling.segment_count * model.sampling.frames_per_segment;
  if (sampled != model.spec.frame_count) {
    throw invalid_argument("sampling gives " + std::to_string(sampled) + " frames, the model wants " +
                           std::to_string(model.spec.frame_count));
  }
}

WindowOptions adapted(const WindowOptions& given, const WindowModel& model) {
  WindowOptions options = given;
  if (model.spec.frame_count == 1) {
    options.window_s = kOneFrameS;
    options.stride = 1;
    options.batch_size = kPicturesTogether;
  } else if (model.frame_features) {
    // A window brings `stride` frames that the model has not seen; a few at a time are slow to look at.
    const auto stride = static_cast<std::size_t>(options.stride);
    options.batch_size = std::max(options.batch_size, (kPicturesTogether + stride - 1) / stride);
  }
  return options;
}

}  // namespace

std::vector<int> window_frames(int frame_count, const data::SamplingOptions& sampling) {
  data::SamplingOptions options = sampling;
  if (frame_count <= options.segment_count + options.frames_per_segment - 1) options.method = "padded";
  return data::test_frames(frame_count, options);
}

struct TimelineBuilder::State {
  WindowModel model;
  WindowOptions options;
  RowSink sink;
  WindowBatch batch;
  std::map<int, FaceRun> runs;                       ///< those going on, by face
  std::deque<std::vector<PendingRowHandle>> frames;  ///< rows not handed out yet, frame by frame

  State(WindowModel given_model, const WindowOptions& given_options, RowSink given_sink)
      : model(std::move(given_model)),
        options(adapted(given_options, model)),
        sink(std::move(given_sink)),
        batch(model, options.batch_size) {}

  void require_usable(const std::vector<CroppedFace>& faces) const {
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const media::Image& crop = faces[i].crop;
      if (crop.width_px != model.spec.width_px || crop.height_px != model.spec.height_px) {
        throw invalid_argument(
            "face crop is " + std::to_string(crop.width_px) + "x" + std::to_string(crop.height_px) +
            ", wanted " + std::to_string(model.spec.width_px) + "x" + std::to_string(model.spec.height_px));
      }
      if (i > 0 && faces[i].face.id == faces[i - 1].face.id)
        throw invalid_argument("two faces of a frame have the id " + std::to_string(faces[i].face.id));
    }
  }

  /// Ends the runs that this frame does not go on with. What waits for the model is asked at once then: with
  /// nobody left, no window would come to fill the batch.
  void end_runs(const FrameInput& input) {
    bool has_ended = false;
    for (auto run = runs.begin(); run != runs.end();) {
      const bool goes_on = !input.shot_changed &&
                           std::any_of(input.faces.begin(), input.faces.end(),
                                       [&](const CroppedFace& face) { return face.face.id == run->first; });
      if (goes_on) {
        ++run;
        continue;
      }
      run->second.end(batch);
      run = runs.erase(run);
      has_ended = true;
    }
    if (has_ended) batch.flush();
  }

  void finish_row(PendingRow& pending) const {
    if (pending.answered == 0) return;
    TimelineRow& row = pending.row;
    for (double& sum : pending.sums) sum /= pending.answered;
    const auto largest = std::max_element(pending.sums.begin(), pending.sums.end());
    row.label = static_cast<int>(largest - pending.sums.begin());
    row.is_uncertain = *largest < options.uncertain_below.value_or(model.uncertain_below);
    row.probabilities = std::move(pending.sums);
  }

  void hand_out() {
    const auto is_final = [](const PendingRowHandle& row) { return row->is_final(); };
    while (!frames.empty() && std::all_of(frames.front().begin(), frames.front().end(), is_final)) {
      for (const PendingRowHandle& row : frames.front()) {
        finish_row(*row);
        sink(row->row);
      }
      frames.pop_front();
    }
  }
};

TimelineBuilder::TimelineBuilder(WindowModel model, const WindowOptions& options, RowSink sink) {
  validate(model, options);
  state_ = std::make_unique<State>(std::move(model), options, std::move(sink));
}

TimelineBuilder::~TimelineBuilder() = default;

void TimelineBuilder::push(FrameInput input) {
  State& state = *state_;
  std::sort(input.faces.begin(), input.faces.end(),
            [](const CroppedFace& a, const CroppedFace& b) { return a.face.id < b.face.id; });
  state.require_usable(input.faces);
  state.end_runs(input);
  std::vector<PendingRowHandle>& rows = state.frames.emplace_back();
  const auto add_row = [&] {
    rows.push_back(std::make_shared<PendingRow>());
    rows.back()->row.frame = input.frame;
    rows.back()->row.timestamp_s = input.timestamp_s;
    return rows.back();
  };
  for (CroppedFace& face : input.faces) {
    const PendingRowHandle pending = add_row();
    TimelineRow& row = pending->row;
    row.face_id = face.face.id;
    row.origin = face.face.origin;
    row.confidence = face.face.confidence;
    row.box = face.face.box;
    if (face.face.landmarks) row.landmarks.assign(face.face.landmarks->begin(), face.face.landmarks->end());
    pending->crop = std::move(face.crop.pixels);
    state.runs.try_emplace(row.face_id, state.options).first->second.push(pending, state.batch);
  }
  if (input.faces.empty()) add_row()->settled = true;
  state.hand_out();
}

void TimelineBuilder::finish() {
  State& state = *state_;
  for (auto& [id, run] : state.runs) run.end(state.batch);
  state.runs.clear();
  state.batch.flush();
  state.hand_out();
}

}  // namespace ferv::inference
