// SPDX-License-Identifier: Apache-2.0
// Turns a stream of face crops into sliding windows for a model, and the model's answers into one row for
// each face of a frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ferv/base/clip_spec.h"
#include "ferv/data/sampling.h"
#include "ferv/inference/timeline.h"

namespace ferv::inference {

/// Models of one frame answer for every frame by itself: for them `window_s`, `stride` and `batch_size` are
/// not used.
struct WindowOptions {
  /// Time that a window spans. FERV39k's clips have 28 frames on average, at about 25 a second: 1.12 s.
  /// Within a window frames are chosen as in testing (data::test_frames), so the model sees the same spacing
  /// as in training.
  double window_s = 1.12;
  /// Frames from one window's start to the next; never more than a window holds, so that every frame is
  /// covered.
  int stride = 8;
  /// Windows that go through the model together, of whichever faces; of a framewise model at least as many as
  /// bring sixteen new frames. Windows are held back for it at most until a face is lost.
  std::size_t batch_size = 4;
  /// A frame whose largest probability is smaller is uncertain. 0: every frame gets an answer; empty: as the
  /// model says.
  std::optional<double> uncertain_below = {};
};

/// What a model needs to know of windows: what it was trained with.
struct WindowModel {
  ClipSpec spec;
  data::SamplingOptions sampling;
  std::size_t class_count = 0;
  /// The probability below which its maker would give no answer.
  double uncertain_below = 0;
  /// uint8 [count, T, H, W, 3] -> [count, K]
  std::function<std::vector<double>(std::span<const std::uint8_t> pixels, std::size_t count)> predict;
  /// Both or neither, for a model that looks at every frame by itself first. Then a frame is looked at once,
  /// however many windows show it, and `predict` is not asked.
  /// uint8 [count, H, W, 3] -> [count, D]
  std::function<std::vector<float>(std::span<const std::uint8_t> pixels, std::size_t count)> frame_features =
      {};
  /// [count, T, D] -> [count, K]
  std::function<std::vector<double>(std::span<const float> features, std::size_t count)> predict_features =
      {};
  /// Central share of a face's crop that the model is shown.
  double test_crop = 1;
};

/// A face of a frame and what the model sees of it.
struct CroppedFace {
  face::Face face;
  media::Image crop;  ///< spec.height_px x spec.width_px
};

/// One frame on its way into the windows.
struct FrameInput {
  std::int64_t frame = 0;
  double timestamp_s = 0;
  std::vector<CroppedFace> faces = {};  ///< in any order; empty when there is none
  bool shot_changed = false;
};

/// Windows lie inside one run of frames that show the same face in the same shot. A run shorter than a window
/// is one window of its own; the last window of a run ends with it. Rows come in order of frames, within a
/// frame in order of face ids, each as soon as no later window can hold it or a row before it; a frame
/// without a face is one row. Memory stays at about one window a face, however long the film. Not
/// thread-safe.
class TimelineBuilder {
 public:
  /// Throws kInvalidArgument for a window or stride that is not positive, or sampling that does not give T
  /// frames.
  TimelineBuilder(WindowModel model, const WindowOptions& options, RowSink sink);
  ~TimelineBuilder();
  TimelineBuilder(const TimelineBuilder&) = delete;
  TimelineBuilder& operator=(const TimelineBuilder&) = delete;

  /// Throws kInvalidArgument for crops of another size and for two faces of one id.
  void push(FrameInput input);
  /// Ends the last runs and hands out all rows left. Call once, after the last frame.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Positions in [0, frame_count) of the T frames that a window of `frame_count` frames shows: test sampling;
/// runs too short for it are padded with their last frame instead of showing the first one T times.
[[nodiscard]] std::vector<int> window_frames(int frame_count, const data::SamplingOptions& sampling);

}  // namespace ferv::inference
