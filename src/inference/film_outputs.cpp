// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_outputs.h"

#include <algorithm>
#include <array>
#include <optional>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/inference/elan.h"
#include "ferv/inference/film_pictures.h"
#include "ferv/inference/film_record.h"
#include "ferv/inference/film_viewer.h"
#include "ferv/inference/readable_segments.h"
#include "ferv/inference/subtitles.h"

namespace ferv::inference {
namespace {

/// Half a second: nobody reads what is gone sooner.
constexpr double kShortestCueS = 0.5;

namespace fs = std::filesystem;

struct FormatRow {
  OutputFormat format;
  std::string_view name;
  std::string_view ending;  ///< of the file
};

constexpr std::array<FormatRow, 9> kFormats = {{{OutputFormat::kCsv, "csv", ".csv"},
                                                {OutputFormat::kJson, "json", ".json"},
                                                {OutputFormat::kJsonLines, "jsonl", ".jsonl"},
                                                {OutputFormat::kSegments, "segments", ".segments.csv"},
                                                {OutputFormat::kSubRip, "srt", ".srt"},
                                                {OutputFormat::kWebVtt, "vtt", ".vtt"},
                                                {OutputFormat::kElan, "eaf", ".eaf"},
                                                {OutputFormat::kFilm, "mp4", ".annotated.mp4"},
                                                {OutputFormat::kViewer, "html", ".html"}}};

const FormatRow& row_of(OutputFormat format) {
  return *std::find_if(kFormats.begin(), kFormats.end(),
                       [&](const FormatRow& row) { return row.format == format; });
}

}  // namespace

std::string_view to_string(OutputFormat format) noexcept {
  return row_of(format).name;
}

std::vector<OutputFormat> output_formats(std::string_view names) {
  std::vector<OutputFormat> formats;
  const auto add = [&](OutputFormat format) {
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(format);
  };
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t comma = std::min(names.find(',', begin), names.size());
    const std::string_view name = names.substr(begin, comma - begin);
    const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const FormatRow& row) { return row.name == name; });
    if (found != kFormats.end()) {
      add(found->format);
    } else if (name == "all") {
      for (const FormatRow& row : kFormats) add(row.format);
    } else {
      std::string known;
      for (const FormatRow& row : kFormats) known += std::string(row.name) + ", ";
      throw invalid_argument("format is '" + std::string(name) + "', wanted " + known + "or all");
    }
    begin = comma + 1;
  }
  return formats;
}

fs::path output_path(const fs::path& folder, const std::string& name, OutputFormat format) {
  return folder / (name + std::string(row_of(format).ending));
}

bool OutputOptions::wants(OutputFormat format) const {
  return std::find(formats.begin(), formats.end(), format) != formats.end();
}

struct FilmOutputs::State {
  OutputOptions options;
  std::vector<std::string> classes;
  std::string model;
  std::optional<AtomicFile> table;
  std::optional<AtomicFile> lines;
  std::vector<TimelineRow> frame;  ///< rows of a frame whose line is not written yet
  std::optional<FilmRecord> record;

  [[nodiscard]] fs::path path_of(OutputFormat format) const {
    return output_path(options.folder, options.name, format);
  }
  [[nodiscard]] fs::path viewer_film() const { return options.folder / (options.name + ".viewer.mp4"); }

  void write_line() {
    if (!frame.empty()) lines->write(frame_json(frame, classes));
    frame.clear();
  }

  void write_pictures(const FilmResult& result, FrameProgress& progress) const {
    if (!options.wants_pictures()) return;
    FilmPicturesOptions pictures;
    if (options.wants(OutputFormat::kFilm)) pictures.annotated = path_of(OutputFormat::kFilm);
    if (options.wants(OutputFormat::kViewer)) pictures.plain = viewer_film();
    const auto source = media::open_video_source(options.input, options.source);
    write_film_pictures(*source, *record, FramePainter(*record, classes, options.privacy), pictures,
                        [&](std::size_t) { progress.add_frame(); });
    if (options.wants(OutputFormat::kViewer)) write_viewer(result);
  }

  void write_viewer(const FilmResult& result) const {
    ViewerOptions viewer;
    viewer.title = options.input.filename().string();
    viewer.frame_width_px = result.frame_width_px;
    viewer.frame_height_px = result.frame_height_px;
    viewer.film = viewer_film();
    write_file_atomically(path_of(OutputFormat::kViewer), viewer_page(*record, result.summary, viewer));
    if (is_embedded(viewer)) fs::remove(viewer.film);
  }

  void write_segments(const TimelineSummary& summary) const {
    const std::vector<Segment> segments = summary.segments();
    const std::vector<Segment> cues = readable_segments(segments, kShortestCueS);
    const auto write = [&](OutputFormat format, const auto& make_text) {
      if (options.wants(format)) write_file_atomically(path_of(format), std::string_view(make_text()));
    };
    write(OutputFormat::kSegments, [&] { return segments_csv(segments, classes); });
    write(OutputFormat::kSubRip, [&] { return subrip(cues, classes); });
    write(OutputFormat::kWebVtt, [&] { return web_vtt(cues, classes); });
    write(OutputFormat::kElan, [&] {
      const bool is_film = fs::is_regular_file(options.input) && summary.frame_count() > 1;
      return elan_document(segments, classes,
                           {is_film ? options.input : fs::path(), options.folder, model, {}});
    });
  }
};

FilmOutputs::FilmOutputs(OutputOptions options, const FilmModel& model) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.options = std::move(options);
  state.classes = model.classes;
  state.model = model.id;
  if (state.options.wants(OutputFormat::kCsv)) {
    state.table.emplace(state.path_of(OutputFormat::kCsv));
    state.table->write(timeline_header(state.classes));
  }
  if (state.options.wants(OutputFormat::kJsonLines))
    state.lines.emplace(state.path_of(OutputFormat::kJsonLines));
  if (state.options.wants_pictures()) state.record.emplace(state.options.privacy == Privacy::kLandmarks);
}

FilmOutputs::~FilmOutputs() = default;

void FilmOutputs::add(const TimelineRow& row) {
  State& state = *state_;
  if (state.table) state.table->write(timeline_line(row, state.classes));
  if (state.lines) {
    if (!state.frame.empty() && state.frame.front().frame != row.frame) state.write_line();
    state.frame.push_back(row);
  }
  if (state.record) state.record->add(row);
}

std::vector<fs::path> FilmOutputs::finish(const FilmResult& result, const std::string& facts,
                                          FrameProgress& progress) {
  State& state = *state_;
  if (state.lines) state.write_line();
  state.write_pictures(result, progress);
  state.write_segments(result.summary);
  if (state.table) state.table->commit();
  if (state.lines) state.lines->commit();
  if (state.options.wants(OutputFormat::kJson))
    write_file_atomically(state.path_of(OutputFormat::kJson), std::string_view(facts));
  std::vector<fs::path> files;
  for (const OutputFormat format : state.options.formats) files.push_back(state.path_of(format));
  if (state.options.wants(OutputFormat::kViewer) && fs::exists(state.viewer_film()))
    files.push_back(state.viewer_film());
  return files;
}

}  // namespace ferv::inference
