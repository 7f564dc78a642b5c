// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_run.h"

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/base/free_memory.h"
#include "ferv/base/stopwatch.h"

namespace ferv::inference {
namespace {

/// Of an hour's film at 25 frames a second there are 90,000. LibTorch's buffers come and go between small
/// things that stay, and what malloc keeps of them grows with the film.
constexpr std::int64_t kFramesBeforeFreeMemoryGoesBack = 1000;

}  // namespace

void FrameProgress::add_frame() {
  ++done_;
  observer_.progress({task_, done_, total_ == 0 ? 0 : std::max(done_, total_), "frames", detail_});
  if (observer_.should_stop()) throw failed(task_ + " was stopped before its end");
}

FilmResult predict_film(media::VideoSource& source, FilmStream& stream,
                        const std::vector<std::string>& classes, const FilmSinks& sinks) {
  FilmResult result{TimelineSummary(classes), {}, {}};
  double total_s = 0, decode_s = 0;
  const auto hand_on = [&](const std::vector<TimelineRow>& rows) {
    for (const TimelineRow& row : rows) {
      result.summary.add(row);
      sinks.row(row);
    }
  };
  const auto read = [&](media::VideoFrame& frame) {
    const TimedSection watch(decode_s);
    return source.read(frame);
  };
  try {
    const TimedSection total(total_s);
    for (media::VideoFrame frame; read(frame);) {
      if (frame.index == 0) {
        result.frame_width_px = frame.image.width_px;
        result.frame_height_px = frame.image.height_px;
      }
      hand_on(stream.push(frame.image, frame.timestamp_s));
      sinks.progress.add_frame();
      if (frame.index % kFramesBeforeFreeMemoryGoesBack == 0) return_free_memory();
    }
    hand_on(stream.finish());
  } catch (...) {
    stream.reset();
    throw;
  }
  result.times = stream.times();
  result.times.decode_s = decode_s;
  result.times.total_s = total_s;
  result.warning = source.warning();
  return result;
}

}  // namespace ferv::inference
