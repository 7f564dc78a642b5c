// SPDX-License-Identifier: Apache-2.0
// One film through a FilmStream, from its first frame to its last.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/inference/film_stream.h"
#include "ferv/inference/film_summary.h"
#include "ferv/media/video_source.h"

namespace ferv::inference {

/// A model for films, with what its outputs say of it.
struct FilmModel {
  WindowModel window;
  std::vector<std::string> classes;
  std::string id;
  std::string weights_hash;
  std::string about = {};  ///< what it was trained on and how good it is
};

struct FilmResult {
  TimelineSummary summary;
  StageTimes times;
  std::string warning;     ///< what was wrong with the film, empty when nothing was
  int frame_width_px = 0;  ///< of the first frame
  int frame_height_px = 0;
};

/// Where work on frames stands among all that is to do; reports to an observer.
class FrameProgress {
 public:
  /// `total` is 0 when not known.
  FrameProgress(const Observer& observer, std::string task, std::uint64_t total)
      : observer_(observer), task_(std::move(task)), total_(total) {}

  /// The film that the next frames are of, as shown beside the count.
  void begin(std::string detail) { detail_ = std::move(detail); }
  /// Throws kFailed when asked to stop.
  void add_frame();

 private:
  const Observer& observer_;
  std::string task_;
  std::string detail_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
};

/// What becomes of rows and progress of a film.
struct FilmSinks {
  RowSink row;  ///< in order of frames
  FrameProgress& progress;
};

/// Throws kCorruptData for the film; kFailed when asked to stop, and then forgets the film, as after any
/// error.
[[nodiscard]] FilmResult predict_film(media::VideoSource& source, FilmStream& stream,
                                      const std::vector<std::string>& classes, const FilmSinks& sinks);

}  // namespace ferv::inference
