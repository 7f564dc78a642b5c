// SPDX-License-Identifier: Apache-2.0
// Holds what a tracker says of a film against what is known of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/face/tracker.h"

namespace ferv::face {

/// A face that a frame shows.
struct TrueFace {
  int identity = 0;      ///< the same number is the same person
  media::Rectangle box;  ///< square, from the brows to the chin
  double visible = 1;    ///< share that nothing hides, 0 to 1
};

/// A frame whose content is known.
struct TrueFrame {
  double timestamp_s = 0;
  int shot = 0;  ///< a hard cut lies before its first frame
  std::vector<TrueFace> faces;
};

/// Reads the table that `ferv synth --films` writes beside a film (docs/file-formats.md). Throws kNotFound,
/// and kCorruptData with file and line for anything that is no such table, or over 10 million lines.
[[nodiscard]] std::vector<TrueFrame> read_film_truth(const std::filesystem::path& path);
/// The same from memory; `path` is for messages.
[[nodiscard]] std::vector<TrueFrame> parse_film_truth(std::string_view text,
                                                      const std::filesystem::path& path);

struct TrackingScore {
  std::int64_t frames = 0;
  std::int64_t frames_lost = 0;     ///< that the film should have and the reader did not give, or the reverse
  std::int64_t faces = 0;           ///< that count: visible enough
  std::int64_t faces_missed = 0;    ///< of those
  std::int64_t faces_invented = 0;  ///< followed where no face is, not even a hidden one
  std::int64_t cuts = 0;
  std::int64_t cuts_missed = 0;
  std::int64_t cuts_invented = 0;
  /// How often a person got another id within a shot, hidden or not in between.
  std::int64_t identity_switches = 0;
  /// Ids that were given in more than one shot.
  std::int64_t identities_carried_over_cuts = 0;
  std::int64_t timestamps_wrong = 0;  ///< by more than a microsecond
  double largest_timestamp_error_s = 0;

  void add(const TrackingScore& other);
};

struct TrackingScoreOptions {
  double least_overlap = 0.3;  ///< intersection over union from which a box is that of the face
  /// Faces of which less can be seen, because something is before them, may be missed.
  double least_visible = 0.75;
};

/// Takes the frames of one film in order.
class TrackingScorer {
 public:
  explicit TrackingScorer(const TrackingScoreOptions& options = {}) : options_(options) {}

  /// `found` and `timestamp_s` are the tracker's and the reader's word about the frame that `truth`
  /// describes.
  void push(const TrueFrame& truth, const FrameFaces& found, double timestamp_s);
  [[nodiscard]] const TrackingScore& score() const { return score_; }

 private:
  /// [true face] position of the found face that is its own, -1 for none.
  [[nodiscard]] std::vector<int> match(const TrueFrame& truth, const FrameFaces& found) const;

  TrackingScoreOptions options_;
  TrackingScore score_;
  int shot_ = -1;
  std::map<int, int> id_of_identity_;    ///< in this shot
  std::map<int, int> first_shot_of_id_;  ///< -1 once it was counted as carried over
};

/// Reads `film`, follows its faces with as many at once as there are, and holds that against the table beside
/// it
/// (`film_0001.csv` for `film_0001.mp4`). Throws what VideoReader, read_film_truth() and FaceTracker throw,
/// and kFailed when the observer wants an end.
[[nodiscard]] TrackingScore score_film(const std::filesystem::path& film, const TrackerOptions& tracker,
                                       const Observer& observer);

}  // namespace ferv::face
