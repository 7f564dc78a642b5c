// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/tracking_score.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "box_overlap.h"
#include "ferv/base/error.h"
#include "ferv/media/video_source.h"

namespace ferv::face {
namespace {

constexpr double kTimestampToleranceS = 1e-6;

}  // namespace

void TrackingScore::add(const TrackingScore& other) {
  frames += other.frames;
  frames_lost += other.frames_lost;
  faces += other.faces;
  faces_missed += other.faces_missed;
  faces_invented += other.faces_invented;
  cuts += other.cuts;
  cuts_missed += other.cuts_missed;
  cuts_invented += other.cuts_invented;
  identity_switches += other.identity_switches;
  identities_carried_over_cuts += other.identities_carried_over_cuts;
  timestamps_wrong += other.timestamps_wrong;
  largest_timestamp_error_s = std::max(largest_timestamp_error_s, other.largest_timestamp_error_s);
}

std::vector<int> TrackingScorer::match(const TrueFrame& truth, const FrameFaces& found) const {
  /// Who kept the id comes first, then who overlaps most: so a box between two people does no harm.
  struct Pair {
    bool continues;
    double shared;
    std::size_t true_face;
    std::size_t found_face;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < truth.faces.size(); ++i) {
    const auto known = id_of_identity_.find(truth.faces[i].identity);
    for (std::size_t j = 0; j < found.faces.size(); ++j) {
      const double shared = overlap(truth.faces[i].box, found.faces[j].box);
      if (shared < options_.least_overlap) continue;
      pairs.push_back({known != id_of_identity_.end() && known->second == found.faces[j].id, shared, i, j});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return std::tie(a.continues, a.shared) > std::tie(b.continues, b.shared);
  });
  std::vector<int> own(truth.faces.size(), -1);
  std::vector<bool> is_taken(found.faces.size());
  for (const Pair& pair : pairs) {
    if (own[pair.true_face] >= 0 || is_taken[pair.found_face]) continue;
    own[pair.true_face] = static_cast<int>(pair.found_face);
    is_taken[pair.found_face] = true;
  }
  return own;
}

void TrackingScorer::push(const TrueFrame& truth, const FrameFaces& found, double timestamp_s) {
  ++score_.frames;
  const double error_s = std::abs(timestamp_s - truth.timestamp_s);
  score_.timestamps_wrong += error_s > kTimestampToleranceS;
  score_.largest_timestamp_error_s = std::max(score_.largest_timestamp_error_s, error_s);

  const bool is_cut = shot_ >= 0 && truth.shot != shot_;
  score_.cuts += is_cut;
  score_.cuts_missed += is_cut && !found.shot_changed;
  score_.cuts_invented += !is_cut && found.shot_changed;
  if (truth.shot != shot_) id_of_identity_.clear();
  shot_ = truth.shot;

  const std::vector<int> own = match(truth, found);
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (truth.faces[i].visible < options_.least_visible) continue;
    ++score_.faces;
    if (own[i] < 0) {
      ++score_.faces_missed;
      continue;
    }
    const int id = found.faces[static_cast<std::size_t>(own[i])].id;
    const auto [known, is_new] = id_of_identity_.emplace(truth.faces[i].identity, id);
    score_.identity_switches += !is_new && known->second != id;
    known->second = id;
  }
  for (std::size_t j = 0; j < found.faces.size(); ++j) {
    const Face& face = found.faces[j];
    const bool is_somebody = std::any_of(truth.faces.begin(), truth.faces.end(), [&](const TrueFace& one) {
      return overlap(one.box, face.box) >= options_.least_overlap;
    });
    score_.faces_invented += !is_somebody;
    const auto [first, is_new] = first_shot_of_id_.emplace(face.id, truth.shot);
    if (!is_new && first->second >= 0 && first->second != truth.shot) {
      ++score_.identities_carried_over_cuts;
      first->second = -1;
    }
  }
}

TrackingScore score_film(const std::filesystem::path& film, const TrackerOptions& tracker_options,
                         const Observer& observer) {
  const std::vector<TrueFrame> truth = read_film_truth(std::filesystem::path(film).replace_extension(".csv"));
  const auto source = media::open_video_source(film);
  FaceTracker tracker(tracker_options);
  TrackingScorer scorer;
  std::size_t count = 0;
  const std::string task = "score " + film.filename().string();
  for (media::VideoFrame frame; source->read(frame); ++count) {
    if (observer.should_stop()) throw failed("stopped before the end of " + film.string());
    if (count < truth.size())
      scorer.push(truth[count], tracker.push(frame.image, frame.timestamp_s), frame.timestamp_s);
    observer.progress({task, count + 1, truth.size(), "frames", ""});
  }
  TrackingScore score = scorer.score();
  score.frames_lost = std::abs(static_cast<std::int64_t>(count) - static_cast<std::int64_t>(truth.size()));
  return score;
}

}  // namespace ferv::face
