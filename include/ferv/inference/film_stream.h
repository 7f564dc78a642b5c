// SPDX-License-Identifier: Apache-2.0
// Frames in, one after another; what the model says of the faces in them out, as soon as it is final.
#pragma once

#include <memory>
#include <vector>

#include "ferv/face/crop.h"
#include "ferv/face/tracker.h"
#include "ferv/inference/timeline.h"
#include "ferv/inference/timeline_builder.h"

namespace ferv::inference {

/// How many faces are followed at once where nobody says otherwise: a conversation with everybody at the
/// table. A film of one face costs no more for it, and a crowd cannot make a film endlessly slow.
inline constexpr int kDefaultFaceLimit = 4;

struct StreamOptions {
  face::TrackerOptions tracker = {.face_limit = kDefaultFaceLimit};
  face::CropOptions crop = {};
  WindowOptions windows = {};
};

/// Where the time of a film went, in seconds of wall clock.
struct StageTimes {
  double decode_s = 0;  ///< spent by who reads the film
  double face_s = 0;    ///< cuts, detection, tracking, landmarks
  double crop_s = 0;
  double model_s = 0;
  double write_s = 0;  ///< tables, subtitles, annotated film, viewer
  double total_s = 0;

  StageTimes& operator+=(const StageTimes& other);
};

/// The way from pixels to rows, for films, cameras and whatever else has frames:
///
///     FilmStream stream(window_model(predictor), {});
///     for (VideoFrame frame; film.read(frame);)
///       for (const TimelineRow& row : stream.push(frame.image, frame.timestamp_s)) show(row);
///     for (const TimelineRow& row : stream.finish()) show(row);
///
/// A row comes about one window after its frame, since later windows still show that frame. Rows are ordered
/// as TimelineBuilder says, and every frame has at least one. Not thread-safe.
class FilmStream {
 public:
  /// Throws as FaceTracker and TimelineBuilder do. `model` is called from push() and finish().
  FilmStream(WindowModel model, const StreamOptions& options);
  ~FilmStream();
  FilmStream(const FilmStream&) = delete;
  FilmStream& operator=(const FilmStream&) = delete;

  /// Frames are counted from 0. Throws kInvalidArgument for an empty frame or time that goes back.
  [[nodiscard]] std::vector<TimelineRow> push(const media::Image& frame, double timestamp_s);
  /// The rows that are left. The next push() begins another film, with frames from 0 and faces from 1.
  [[nodiscard]] std::vector<TimelineRow> finish();
  /// Forgets the film that is going on, e.g. after an error of its reader.
  void reset();

  /// Of the current film, or of the last one until the next begins.
  [[nodiscard]] const StageTimes& times() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::inference
