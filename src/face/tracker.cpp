// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/tracker.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "box_overlap.h"
#include "correlation_tracker.h"
#include "ferv/base/error.h"
#include "ferv/face/landmarks.h"
#include "shot_detector.h"

namespace ferv::face {
namespace {

/// A detection belongs to a face that was followed when they overlap at least this much.
constexpr double kSameFaceOverlap = 0.3;
/// Two followed faces that overlap this much are one.
constexpr double kDuplicateOverlap = 0.6;
/// Below this overlap of steadied and seen box the face has moved, not jittered: the steadying starts anew.
constexpr double kJumpOverlap = 0.5;
/// Where a face was a moment ago, a weaker answer of the detector is enough.
constexpr double kNearThresholdDrop = 0.25;
/// A correlation with a lower peak-to-sidelobe ratio has lost its object.
constexpr double kLowestPeak = 7;
constexpr double kLargerBy = 1.5;  ///< in area

struct Track {
  int id = 0;
  media::Rectangle seen;    ///< as the detector or the correlation gave it
  media::Rectangle steady;  ///< smoothed
  double confidence = 0;
  double last_detected_s = 0;
  FaceOrigin origin = FaceOrigin::kDetected;
  std::unique_ptr<CorrelationTracker> bridge;
};

double area(const media::Rectangle& box) {
  return box.width * box.height;
}

}  // namespace

struct FaceTracker::State {
  TrackerOptions options;
  FaceDetector detector;
  ShotDetector shots;
  std::optional<LandmarkPredictor> landmarks;
  std::vector<Track> tracks;
  media::Image previous;
  int next_id = 1;
  double last_s = 0;
  double last_search_s = 0;

  explicit State(const TrackerOptions& given) : options(given), detector(given.detector) {
    if (!options.landmark_model.empty()) landmarks.emplace(options.landmark_model);
  }

  void follow(Track& track, const media::Rectangle& box, double elapsed_s) {
    track.seen = box;
    const bool jumped = options.smoothing_s <= 0 || overlap(track.steady, box) < kJumpOverlap;
    const double share = jumped ? 1 : 1 - std::exp(-elapsed_s / options.smoothing_s);
    const auto blend = [share](double& value, double target) { value += share * (target - value); };
    blend(track.steady.left, box.left);
    blend(track.steady.top, box.top);
    blend(track.steady.width, box.width);
    blend(track.steady.height, box.height);
  }

  /// Takes the detection that overlaps the track most out of `candidates` and follows it.
  bool take_best(Track& track, std::vector<Detection>& candidates, double timestamp_s) {
    auto best = candidates.end();
    double best_overlap = kSameFaceOverlap;
    for (auto one = candidates.begin(); one != candidates.end(); ++one) {
      const double shared = overlap(one->box, track.seen);
      if (shared < best_overlap) continue;
      best = one;
      best_overlap = shared;
    }
    if (best == candidates.end()) return false;
    follow(track, best->box, timestamp_s - last_s);
    track.confidence = best->confidence;
    track.last_detected_s = timestamp_s;
    track.origin = FaceOrigin::kDetected;
    track.bridge.reset();
    candidates.erase(best);
    return true;
  }

  /// Carries a face on that the detector lost; false when it is to be given up.
  bool carry_on(Track& track, const media::Image& frame, double timestamp_s) {
    if (timestamp_s - track.last_detected_s > options.bridge_s || options.bridge_s <= 0) return false;
    if (previous.width_px != frame.width_px || previous.height_px != frame.height_px) return false;
    if (!track.bridge) track.bridge = std::make_unique<CorrelationTracker>(previous, track.seen);
    const auto result = track.bridge->update(frame);
    const double centre_x = result.box.left + result.box.width / 2,
                 centre_y = result.box.top + result.box.height / 2;
    const bool is_inside =
        centre_x >= 0 && centre_y >= 0 && centre_x < frame.width_px && centre_y < frame.height_px;
    if (result.peak_to_sidelobe < kLowestPeak || !is_inside || result.box.width <= 0) return false;
    follow(track, result.box, timestamp_s - last_s);
    track.origin = FaceOrigin::kTracked;
    return true;
  }

  void update_tracks(const media::Image& frame, double timestamp_s, std::vector<Detection>& detections) {
    std::vector<Track> kept;
    for (Track& track : tracks) {
      bool found = take_best(track, detections, timestamp_s);
      if (!found) {
        auto near = detector.detect_near(frame, track.seen, options.detector.threshold - kNearThresholdDrop);
        found = take_best(track, near, timestamp_s);
      }
      if (!found) found = carry_on(track, frame, timestamp_s);
      const bool is_duplicate = std::any_of(kept.begin(), kept.end(), [&](const Track& other) {
        return overlap(other.seen, track.seen) > kDuplicateOverlap;
      });
      if (found && !is_duplicate) kept.push_back(std::move(track));
    }
    tracks = std::move(kept);
  }

  /// Follows detections that belong to nobody yet, the largest first, as far as there is room.
  void start_tracks(const std::vector<Detection>& detections, double timestamp_s) {
    for (const Detection& one : detections) {
      const bool is_known = std::any_of(tracks.begin(), tracks.end(), [&](const Track& track) {
        return overlap(track.seen, one.box) > kSameFaceOverlap;
      });
      if (is_known) continue;
      if (tracks.size() >= static_cast<std::size_t>(options.face_limit)) {
        const auto smallest =
            std::min_element(tracks.begin(), tracks.end(),
                             [](const Track& a, const Track& b) { return area(a.seen) < area(b.seen); });
        if (area(one.box) < kLargerBy * area(smallest->seen)) continue;
        tracks.erase(smallest);
      }
      Track track;
      track.id = next_id++;
      track.seen = track.steady = one.box;
      track.confidence = one.confidence;
      track.last_detected_s = timestamp_s;
      tracks.push_back(std::move(track));
    }
  }

  [[nodiscard]] std::vector<Face> describe(const media::Image& frame) const {
    std::vector<Face> faces;
    for (const Track& track : tracks) {
      Face face;
      face.id = track.id;
      face.box = track.steady;
      face.confidence = track.confidence;
      face.origin = track.origin;
      if (landmarks) face.landmarks = landmarks->predict(frame, track.steady);
      faces.push_back(face);
    }
    std::stable_sort(faces.begin(), faces.end(),
                     [](const Face& a, const Face& b) { return area(a.box) > area(b.box); });
    return faces;
  }
};

FaceTracker::FaceTracker(const TrackerOptions& options) {
  if (options.face_limit < 1)
    throw invalid_argument("face limit is " + std::to_string(options.face_limit) + ", wanted at least 1");
  if (!(options.search_interval_s >= 0) || !(options.bridge_s >= 0) || !(options.smoothing_s >= 0)) {
    throw invalid_argument("times of the face tracker must not be negative");
  }
  state_ = std::make_unique<State>(options);
}

FaceTracker::~FaceTracker() = default;

FrameFaces FaceTracker::push(const media::Image& frame, double timestamp_s) {
  State& state = *state_;
  if (frame.empty()) throw invalid_argument("cannot look for faces in an empty frame");
  const bool is_first = state.previous.empty();
  if (!is_first && timestamp_s < state.last_s)
    throw invalid_argument("the time of a frame goes back, to " + std::to_string(timestamp_s) + " s");
  FrameFaces result;
  result.shot_changed = state.shots.push(frame);
  if (result.shot_changed) state.tracks.clear();

  std::vector<Detection> detections;
  const bool search = is_first || state.tracks.empty() ||
                      timestamp_s - state.last_search_s >= state.options.search_interval_s;
  if (search) {
    detections = state.detector.detect(frame);
    state.last_search_s = timestamp_s;
  }
  state.update_tracks(frame, timestamp_s, detections);
  state.start_tracks(detections, timestamp_s);
  result.faces = state.describe(frame);
  state.previous = frame;
  state.last_s = timestamp_s;
  return result;
}

void FaceTracker::reset() {
  State& state = *state_;
  state.tracks.clear();
  state.shots = ShotDetector();
  state.previous = media::Image();
  state.next_id = 1;
}

}  // namespace ferv::face
