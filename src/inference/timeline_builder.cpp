// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/timeline_builder.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>

#include "ferv/base/error.h"

namespace ferv::inference {
namespace {

/// Time stamps are rounded to the container's clock; a window must not lose or gain a frame by that.
constexpr double kClockSlackS = 1e-4;
/// A window of a model that looks at one picture: no longer than a frame of any film.
constexpr double kOneFrameS = 1e-3;
constexpr std::size_t kPicturesTogether = 16;

/// A frame whose row is not handed out yet.
struct PendingFrame {
  TimelineRow row;
  std::vector<std::uint8_t> crop;
  std::vector<double> sums;  ///< [K], over the windows that have answered
  int answered = 0;
  int asked = 0;
  bool settled = false;  ///< no further window will hold it
};

/// Frames [begin, end) by their sequence number.
struct Window {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

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

  std::deque<PendingFrame> frames;
  std::int64_t first_sequence = 0;  ///< of frames.front()
  /// The current run: same face, same shot.
  bool in_run = false;
  std::int64_t run_begin = 0;
  std::int64_t next_begin = 0;             ///< where the run's next window starts
  std::optional<std::int64_t> last_begin;  ///< where the run's last complete window started
  std::int64_t covered_end = 0;            ///< first frame of the run that no window holds yet
  std::vector<Window> waiting;
  std::vector<std::uint8_t> batch;

  PendingFrame& at(std::int64_t sequence) {
    return frames[static_cast<std::size_t>(sequence - first_sequence)];
  }
  [[nodiscard]] std::int64_t end_sequence() const {
    return first_sequence + static_cast<std::int64_t>(frames.size());
  }

  void ask(const Window& window) {
    const auto count = static_cast<int>(window.end - window.begin);
    for (const int position : window_frames(count, model.sampling)) {
      const auto& crop = at(window.begin + position).crop;
      batch.insert(batch.end(), crop.begin(), crop.end());
    }
    for (std::int64_t s = window.begin; s < window.end; ++s) ++at(s).asked;
    waiting.push_back(window);
    covered_end = window.end;
    if (waiting.size() >= options.batch_size) answer();
  }

  void answer() {
    if (waiting.empty()) return;
    const std::vector<double> probabilities = model.predict(batch, waiting.size());
    if (probabilities.size() != waiting.size() * model.class_count)
      throw internal_error("a model gave another number of probabilities than asked for");
    for (std::size_t w = 0; w < waiting.size(); ++w) {
      for (std::int64_t s = waiting[w].begin; s < waiting[w].end; ++s) {
        PendingFrame& frame = at(s);
        frame.sums.resize(model.class_count);
        for (std::size_t k = 0; k < model.class_count; ++k)
          frame.sums[k] += probabilities[w * model.class_count + k];
        ++frame.answered;
      }
    }
    waiting.clear();
    batch.clear();
  }

  /// Asks for every window that the run's frames fill: those whose time is over.
  void ask_complete_windows() {
    const double now_s = frames.back().row.timestamp_s;
    while (next_begin < end_sequence() &&
           now_s >= at(next_begin).row.timestamp_s + options.window_s - kClockSlackS) {
      const double end_s = at(next_begin).row.timestamp_s + options.window_s - kClockSlackS;
      std::int64_t end = next_begin + 1;
      while (at(end).row.timestamp_s < end_s) ++end;
      const std::int64_t begin = next_begin;
      ask({begin, end});
      last_begin = begin;
      next_begin = std::min(begin + options.stride, end);
      settle_before(begin);
    }
  }

  void settle_before(std::int64_t sequence) {
    for (std::int64_t s = std::max(run_begin, first_sequence); s < sequence; ++s) {
      PendingFrame& frame = at(s);
      frame.settled = true;
      frame.crop = {};
    }
  }

  void end_run() {
    if (!in_run) return;
    const std::int64_t end = end_sequence();
    if (covered_end < end) {
      // The last window ends with the run and reaches back as far as a window does, but not before the one
      // before it.
      const double begin_s = at(end - 1).row.timestamp_s - options.window_s + kClockSlackS;
      std::int64_t begin = last_begin.value_or(run_begin);
      while (at(begin).row.timestamp_s <= begin_s) ++begin;
      ask({begin, end});
    }
    answer();
    settle_before(end);
    in_run = false;
  }

  void begin_run() {
    in_run = true;
    run_begin = next_begin = covered_end = end_sequence();
    last_begin.reset();
  }

  void hand_out() {
    while (!frames.empty() && frames.front().settled && frames.front().answered == frames.front().asked) {
      PendingFrame& frame = frames.front();
      if (frame.answered > 0) {
        for (double& sum : frame.sums) sum /= frame.answered;
        const auto largest = std::max_element(frame.sums.begin(), frame.sums.end());
        frame.row.label = static_cast<int>(largest - frame.sums.begin());
        frame.row.is_uncertain = *largest < options.uncertain_below;
        frame.row.probabilities = std::move(frame.sums);
      }
      sink(frame.row);
      frames.pop_front();
      ++first_sequence;
    }
  }

  void require_crop(const FrameInput& input) const {
    const media::Image* crop = input.crop;
    if (crop != nullptr && crop->width_px == model.spec.width_px && crop->height_px == model.spec.height_px)
      return;
    throw invalid_argument(
        "face crop is " +
        (crop == nullptr ? std::string("missing")
                         : std::to_string(crop->width_px) + "x" + std::to_string(crop->height_px)) +
        ", wanted " + std::to_string(model.spec.width_px) + "x" + std::to_string(model.spec.height_px));
  }
};

TimelineBuilder::TimelineBuilder(WindowModel model, const WindowOptions& options, RowSink sink) {
  if (!(options.window_s > 0) || !std::isfinite(options.window_s)) {
    throw invalid_argument("window is " + std::to_string(options.window_s) + " s, wanted more than 0");
  }
  if (options.stride < 1)
    throw invalid_argument("stride is " + std::to_string(options.stride) + " frames, wanted at least 1");
  if (options.batch_size < 1) throw invalid_argument("batch size is 0, wanted at least 1 window");
  if (!(options.uncertain_below >= 0) || options.uncertain_below > 1) {
    throw invalid_argument("uncertain below " + std::to_string(options.uncertain_below) +
                           ", wanted a probability from 0 to 1");
  }
  const int sampled = model.sampling.segment_count * model.sampling.frames_per_segment;
  if (sampled != model.spec.frame_count) {
    throw invalid_argument("sampling gives " + std::to_string(sampled) + " frames, the model wants " +
                           std::to_string(model.spec.frame_count));
  }
  state_ = std::make_unique<State>();
  state_->model = std::move(model);
  state_->options = options;
  if (state_->model.spec.frame_count == 1) {
    state_->options.window_s = kOneFrameS;
    state_->options.stride = 1;
    state_->options.batch_size = kPicturesTogether;
  }
  state_->sink = std::move(sink);
}

TimelineBuilder::~TimelineBuilder() = default;

void TimelineBuilder::push(const FrameInput& input) {
  State& state = *state_;
  const bool has_face = input.face != nullptr;
  if (has_face) state.require_crop(input);
  const bool continues =
      state.in_run && has_face && !input.shot_changed && state.frames.back().row.face_id == input.face->id;
  if (!continues) {
    state.end_run();
    if (has_face) state.begin_run();
  }
  PendingFrame frame;
  frame.row.frame = input.frame;
  frame.row.timestamp_s = input.timestamp_s;
  frame.settled = !has_face;
  if (has_face) {
    frame.row.face_id = input.face->id;
    frame.row.origin = input.face->origin;
    frame.row.confidence = input.face->confidence;
    frame.row.box = input.face->box;
    frame.crop = input.crop->pixels;
  }
  state.frames.push_back(std::move(frame));
  if (has_face) state.ask_complete_windows();
  state.hand_out();
}

void TimelineBuilder::finish() {
  state_->end_run();
  state_->hand_out();
}

}  // namespace ferv::inference
