// SPDX-License-Identifier: Apache-2.0
// All files that can be written of a film's timeline, on request.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/inference/film_run.h"
#include "ferv/inference/frame_painter.h"
#include "ferv/media/video_source.h"

namespace ferv::inference {

enum class OutputFormat : std::uint8_t {
  kCsv,        ///< NAME.csv: a row a face and frame
  kJson,       ///< NAME.json: summary, persons and facts of the run
  kJsonLines,  ///< NAME.jsonl: a line of JSON a frame
  kSegments,   ///< NAME.segments.csv
  kSubRip,     ///< NAME.srt
  kWebVtt,     ///< NAME.vtt
  kElan,       ///< NAME.eaf
  kFilm,       ///< NAME.annotated.mp4
  kViewer,     ///< NAME.html, and NAME.viewer.mp4 where the film is too long to be put into the page
};

/// As in `--formats`: "csv", "json", "jsonl", "segments", "srt", "vtt", "eaf", "mp4", "html".
[[nodiscard]] std::string_view to_string(OutputFormat format) noexcept;
/// "csv,html" -> both; "all" -> all. Throws kInvalidArgument for an unknown name or none.
[[nodiscard]] std::vector<OutputFormat> output_formats(std::string_view names);
[[nodiscard]] std::filesystem::path output_path(const std::filesystem::path& folder, const std::string& name,
                                                OutputFormat format);

struct OutputOptions {
  std::vector<OutputFormat> formats = {OutputFormat::kCsv, OutputFormat::kJson};
  Privacy privacy = Privacy::kNone;  ///< of pictures that are written
  std::filesystem::path folder = {};
  std::string name = {};             ///< of the files, without extension
  std::filesystem::path input = {};  ///< the film itself: pictures are made by reading it again
  media::VideoSourceOptions source = {};

  [[nodiscard]] bool wants(OutputFormat format) const;
  [[nodiscard]] bool wants_pictures() const {
    return wants(OutputFormat::kFilm) || wants(OutputFormat::kViewer);
  }
};

/// Takes the rows of a film as they come and writes what was asked for, each file whole or not at all. What
/// is kept in memory is small but for pictures: see FilmRecord.
class FilmOutputs {
 public:
  FilmOutputs(OutputOptions options, const FilmModel& model);
  ~FilmOutputs();
  FilmOutputs(const FilmOutputs&) = delete;
  FilmOutputs& operator=(const FilmOutputs&) = delete;

  void add(const TimelineRow& row);
  /// Writes all that needs the whole film. `facts` is what NAME.json is to hold; `progress` counts the frames
  /// of pictures. Returns the files written, in the order of the formats, a film
  /// beside the viewer last. Throws kIo, and kCorruptData when a
  /// film cannot be read again.
  [[nodiscard]] std::vector<std::filesystem::path> finish(const FilmResult& result, const std::string& facts,
                                                          FrameProgress& progress);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::inference
