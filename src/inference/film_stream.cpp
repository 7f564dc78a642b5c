// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_stream.h"

#include <optional>
#include <utility>

#include "ferv/base/stopwatch.h"

namespace ferv::inference {
namespace {

media::Image model_crop(const media::Image& frame, const face::Face& face, const face::CropOptions& options,
                        const WindowModel& model) {
  media::Image crop = face::cut_crop(frame, face::place_crop(face, options), options.size_px);
  const ClipSpec& spec = model.spec;
  const bool fits = crop.width_px == spec.width_px && crop.height_px == spec.height_px;
  if (fits && model.test_crop == 1) return crop;
  const double side = options.size_px * model.test_crop;
  const double around = (options.size_px - side) / 2;
  return media::crop_and_resize(crop, {around, around, side, side}, spec.width_px, spec.height_px);
}

}  // namespace

StageTimes& StageTimes::operator+=(const StageTimes& other) {
  decode_s += other.decode_s;
  face_s += other.face_s;
  crop_s += other.crop_s;
  model_s += other.model_s;
  write_s += other.write_s;
  total_s += other.total_s;
  return *this;
}

struct FilmStream::State {
  WindowModel model;
  StreamOptions options;
  face::FaceTracker tracker;
  std::optional<TimelineBuilder> builder;
  std::int64_t next_frame = 0;
  std::vector<TimelineRow> rows;  ///< final, not handed out yet
  StageTimes times;

  State(WindowModel given_model, const StreamOptions& given_options)
      : model(std::move(given_model)), options(given_options), tracker(options.tracker) {
    begin_film();
  }

  void begin_film() {
    tracker.reset();
    next_frame = 0;
    rows.clear();
    WindowModel timed = model;
    timed.predict = [this](std::span<const std::uint8_t> pixels, std::size_t count) {
      const TimedSection watch(times.model_s);
      return model.predict(pixels, count);
    };
    if (model.frame_features) {
      timed.frame_features = [this](std::span<const std::uint8_t> pixels, std::size_t count) {
        const TimedSection watch(times.model_s);
        return model.frame_features(pixels, count);
      };
      timed.predict_features = [this](std::span<const float> features, std::size_t count) {
        const TimedSection watch(times.model_s);
        return model.predict_features(features, count);
      };
    }
    builder.emplace(std::move(timed), options.windows,
                    [this](const TimelineRow& row) { rows.push_back(row); });
  }

  std::vector<CroppedFace> cropped(const media::Image& frame, const std::vector<face::Face>& faces) {
    const TimedSection watch(times.crop_s);
    std::vector<CroppedFace> list;
    for (const face::Face& face : faces) list.push_back({face, model_crop(frame, face, options.crop, model)});
    return list;
  }
};

FilmStream::FilmStream(WindowModel model, const StreamOptions& options)
    : state_(std::make_unique<State>(std::move(model), options)) {}

FilmStream::~FilmStream() = default;

std::vector<TimelineRow> FilmStream::push(const media::Image& frame, double timestamp_s) {
  State& state = *state_;
  if (state.next_frame == 0) state.times = {};
  const TimedSection total(state.times.total_s);
  face::FrameFaces found;
  {
    const TimedSection watch(state.times.face_s);
    found = state.tracker.push(frame, timestamp_s);
  }
  state.builder->push({state.next_frame, timestamp_s, state.cropped(frame, found.faces), found.shot_changed});
  ++state.next_frame;
  return std::exchange(state.rows, {});
}

std::vector<TimelineRow> FilmStream::finish() {
  State& state = *state_;
  const TimedSection total(state.times.total_s);
  state.builder->finish();
  std::vector<TimelineRow> rows = std::exchange(state.rows, {});
  state.begin_film();
  return rows;
}

void FilmStream::reset() {
  state_->begin_film();
}

const StageTimes& FilmStream::times() const {
  return state_->times;
}

}  // namespace ferv::inference
