// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/tracker.h"

#include <algorithm>
#include <optional>

#include "assignment.h"
#include "box_overlap.h"
#include "face_track.h"
#include "ferv/base/error.h"
#include "ferv/face/landmarks.h"
#include "shot_detector.h"

namespace ferv::face {
namespace {

/// Two detections that overlap this much are of one face.
constexpr double kSameFaceOverlap = 0.3;
/// A face that the detector lost where another is, this much, is behind it: correlation would follow the one
/// in front.
constexpr double kBehindOverlap = 0.08;
/// The look of somebody whose box overlaps another's less than this is his own.
constexpr double kClearOverlap = 0.05;
/// Where a face was a moment ago, a weaker answer of the detector is enough.
constexpr double kNearThresholdDrop = 0.25;
constexpr double kLargerBy = 1.5;  ///< in area

double area(const media::Rectangle& box) {
  return box.width * box.height;
}

}  // namespace

struct FaceTracker::State {
  TrackerOptions options;
  std::unique_ptr<FaceFinder> detector;
  ShotDetector shots;
  std::optional<LandmarkPredictor> landmarks;
  std::vector<FaceTrack> tracks;  ///< the first followed first
  media::Image previous;
  int next_id = 1;
  double last_s = 0;
  double last_search_s = 0;

  State(const TrackerOptions& given, std::unique_ptr<FaceFinder> finder)
      : options(given), detector(std::move(finder)) {
    if (!options.landmark_model.empty()) landmarks.emplace(options.landmark_model);
  }

  [[nodiscard]] std::size_t visible_count() const {
    return static_cast<std::size_t>(std::count_if(tracks.begin(), tracks.end(),
                                                  [](const FaceTrack& track) { return !track.is_hidden(); }));
  }

  /// Everything that looks like a face: in the whole frame where `search` says so, and around those who are
  /// followed and were not found by that.
  [[nodiscard]] std::vector<Sighting> look(const media::Image& frame, double timestamp_s, bool search) {
    std::vector<Sighting> sightings;
    const auto add = [&](const Detection& detection) {
      for (Sighting& known : sightings) {
        if (overlap(known.detection.box, detection.box) > kSameFaceOverlap) return;
      }
      sightings.push_back({detection, Appearance(frame, detection.box)});
    };
    if (search) {
      for (const Detection& one : detector->detect(frame)) add(one);
    }
    for (const FaceTrack& track : tracks) {
      const media::Rectangle expected = track.expected_box(timestamp_s);
      const bool is_found = std::any_of(sightings.begin(), sightings.end(), [&](const Sighting& one) {
        return overlap(one.detection.box, expected) > kSameFaceOverlap;
      });
      if (is_found) continue;
      const double threshold = options.detector.threshold - kNearThresholdDrop;
      for (const Detection& one : detector->detect_near(frame, expected, threshold)) add(one);
    }
    return sightings;
  }

  /// Gives each face followed the sighting that is most likely its own, so that all together fit best; takes
  /// those sightings out. Gives [track] whether it was seen.
  std::vector<bool> take_sightings(std::vector<Sighting>& sightings, double timestamp_s) {
    std::vector<std::vector<double>> worth;
    for (const FaceTrack& track : tracks) {
      worth.emplace_back();
      for (const Sighting& one : sightings) worth.back().push_back(track.worth(one, timestamp_s));
    }
    const std::vector<int> chosen = assign(worth);
    std::vector<bool> is_seen(tracks.size()), is_taken(sightings.size());
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      if (chosen[i] < 0) continue;
      const auto own = static_cast<std::size_t>(chosen[i]);
      const media::Rectangle& box = sightings[own].detection.box;
      bool is_clear = true;
      for (std::size_t j = 0; j < tracks.size(); ++j)
        is_clear &= j == i || overlap(tracks[j].expected_box(timestamp_s), box) < kClearOverlap;
      tracks[i].see(sightings[own], timestamp_s, options.smoothing_s, is_clear);
      is_seen[i] = is_taken[own] = true;
    }
    std::size_t position = 0;
    std::erase_if(sightings, [&](const Sighting&) { return static_cast<bool>(is_taken[position++]); });
    return is_seen;
  }

  /// What becomes of a face that the detector lost: carried on, hidden for a while, or given up (false).
  bool keep_unseen(FaceTrack& track, const media::Image& frame, double timestamp_s,
                   const std::vector<Sighting>& others) {
    const double lost_s = timestamp_s - track.last_detected_s();
    if (lost_s > std::max(options.memory_s, options.bridge_s)) return false;
    const bool is_replaced = std::any_of(others.begin(), others.end(), [&](const Sighting& one) {
      return track.is_replaced_by(one, timestamp_s);
    });
    if (lost_s > options.bridge_s || is_replaced || is_behind_another(track, timestamp_s) ||
        !track.carry(previous, frame, timestamp_s, options.smoothing_s) ||
        is_behind_another(track, timestamp_s)) {
      track.hide(timestamp_s);
    }
    return lost_s <= options.memory_s || !track.is_hidden();
  }

  [[nodiscard]] bool is_behind_another(const FaceTrack& track, double timestamp_s) const {
    return std::any_of(tracks.begin(), tracks.end(), [&](const FaceTrack& other) {
      return other.id() != track.id() && !other.is_hidden() &&
             other.last_detected_s() > track.last_detected_s() &&
             overlap(other.box(), track.expected_box(timestamp_s)) > kBehindOverlap;
    });
  }

  void update_tracks(const media::Image& frame, double timestamp_s, std::vector<Sighting>& sightings) {
    const std::vector<bool> is_seen = take_sightings(sightings, timestamp_s);
    std::vector<bool> is_kept(tracks.size(), true);
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      if (!is_seen[i]) is_kept[i] = keep_unseen(tracks[i], frame, timestamp_s, sightings);
    }
    std::size_t position = 0;
    std::erase_if(tracks, [&](const FaceTrack&) { return !is_kept[position++]; });
    // Who comes back while others were followed in the meantime: the one followed first goes on.
    while (visible_count() > static_cast<std::size_t>(options.face_limit)) {
      const auto last = std::find_if(tracks.rbegin(), tracks.rend(),
                                     [](const FaceTrack& track) { return !track.is_hidden(); });
      tracks.erase(std::next(last).base());
    }
  }

  /// Follows sightings that belong to nobody yet, the largest first, as far as there is room.
  void start_tracks(const std::vector<Sighting>& sightings, double timestamp_s) {
    for (const Sighting& one : sightings) {
      const media::Rectangle& box = one.detection.box;
      const bool is_known = std::any_of(tracks.begin(), tracks.end(), [&](const FaceTrack& track) {
        return !track.is_hidden() && overlap(track.box(), box) > kSameFaceOverlap;
      });
      if (is_known || one.detection.confidence < options.detector.threshold) continue;
      if (visible_count() >= static_cast<std::size_t>(options.face_limit)) {
        auto smallest = tracks.end();
        for (auto track = tracks.begin(); track != tracks.end(); ++track) {
          if (track->is_hidden()) continue;
          if (smallest == tracks.end() || area(track->box()) < area(smallest->box())) smallest = track;
        }
        if (area(box) < kLargerBy * area(smallest->box())) continue;
        tracks.erase(smallest);
      }
      tracks.emplace_back(next_id++, one, timestamp_s);
    }
  }

  [[nodiscard]] std::vector<Face> describe(const media::Image& frame) const {
    std::vector<Face> faces;
    for (const FaceTrack& track : tracks) {
      if (track.is_hidden()) continue;
      Face face;
      face.id = track.id();
      face.box = track.steady_box();
      face.confidence = track.confidence();
      face.origin = track.origin();
      if (landmarks) face.landmarks = landmarks->predict(frame, track.steady_box());
      faces.push_back(face);
    }
    std::stable_sort(faces.begin(), faces.end(),
                     [](const Face& a, const Face& b) { return area(a.box) > area(b.box); });
    return faces;
  }
};

FaceTracker::FaceTracker(const TrackerOptions& options)
    : FaceTracker(options, std::make_unique<FaceDetector>(options.detector)) {}

FaceTracker::FaceTracker(const TrackerOptions& options, std::unique_ptr<FaceFinder> detector) {
  if (!detector) throw invalid_argument("the face tracker was given no detector");
  if (options.face_limit < 1)
    throw invalid_argument("face limit is " + std::to_string(options.face_limit) + ", wanted at least 1");
  if (!(options.search_interval_s >= 0) || !(options.bridge_s >= 0) || !(options.smoothing_s >= 0) ||
      !(options.memory_s >= 0)) {
    throw invalid_argument("times of the face tracker must not be negative");
  }
  state_ = std::make_unique<State>(options, std::move(detector));
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

  const bool search = is_first || state.visible_count() == 0 ||
                      timestamp_s - state.last_search_s >= state.options.search_interval_s;
  if (search) state.last_search_s = timestamp_s;
  std::vector<Sighting> sightings = state.look(frame, timestamp_s, search);
  state.update_tracks(frame, timestamp_s, sightings);
  state.start_tracks(sightings, timestamp_s);
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
