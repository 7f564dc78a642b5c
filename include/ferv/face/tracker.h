// SPDX-License-Identifier: Apache-2.0
// Follows faces through a film: who is where in each frame, cheaply enough for real time.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "ferv/face/detector.h"
#include "ferv/face/face.h"

namespace ferv::face {

struct TrackerOptions {
  DetectorOptions detector = {};
  /// How many faces are followed at once, the largest first. A face already followed gives way only to one
  /// that is half as large again.
  int face_limit = 1;
  /// The whole frame is searched this often, and in every frame while no face is followed; in between only
  /// the surroundings of the faces known.
  double search_interval_s = 0.4;
  /// How long a face that the detector loses may be carried on by correlation (Danelljan et al. 2014) before
  /// it is given up. 0 switches that off.
  double bridge_s = 0.5;
  /// How long a face is remembered, unseen and untold, that went behind somebody or something: it keeps its
  /// id when it comes back where its movement leads, and looks the same.
  double memory_s = 0.8;
  /// Boxes are steadied with this time constant, since the detector's sizes come in steps of a fifth. 0 = as
  /// detected.
  double smoothing_s = 0.12;
  /// The 68-landmark model; empty = no landmarks.
  std::filesystem::path landmark_model = {};
};

/// The faces of one frame.
struct FrameFaces {
  std::vector<Face> faces;    ///< the largest first; empty when there is none
  bool shot_changed = false;  ///< a new shot begins with this frame: nobody is followed across
};

/// Push-style: one frame after another, in order. Not thread-safe.
class FaceTracker {
 public:
  /// Throws kNotFound or kCorruptData for the landmark model, kInvalidArgument for impossible options.
  explicit FaceTracker(const TrackerOptions& options);
  /// With a detector of your own; of options.detector only the threshold counts then.
  FaceTracker(const TrackerOptions& options, std::unique_ptr<FaceFinder> detector);
  ~FaceTracker();
  FaceTracker(const FaceTracker&) = delete;
  FaceTracker& operator=(const FaceTracker&) = delete;

  /// Throws kInvalidArgument for an empty frame or time that goes back.
  [[nodiscard]] FrameFaces push(const media::Image& frame, double timestamp_s);
  /// Forgets everything but the models: the next frame begins another film, with ids from 1.
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::face
