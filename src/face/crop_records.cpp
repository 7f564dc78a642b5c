// SPDX-License-Identifier: Apache-2.0
#include "crop_records.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ferv/base/csv_field.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/json_integer.h"
#include "ferv/base/version.h"
#include "ferv/media/frame_folder.h"

namespace ferv::face {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "ferv-face-crop";
constexpr std::size_t kRecordLimitBytes = std::size_t{1} << 30;
constexpr const char* kRecords = ".face_crop";
constexpr const char* kFaces = "2_ClipsforFaceCrop";
constexpr const char* kScenes = "3_ClipsforScenImages";

/// The options that decide what is in the pictures and how clips are numbered.
nlohmann::ordered_json options_json(const CropFilmsOptions& options) {
  return {{"no_face", to_string(options.no_face)},
          {"choice", to_string(options.choice)},
          {"cuts", to_string(options.cuts)},
          {"size_px", options.crop.size_px},
          {"margin", options.crop.margin},
          {"landmark_model", options.tracker.landmark_model.filename().string()},
          {"small_faces", options.tracker.detector.find_small_faces},
          {"scene_frames", options.write_scene_frames},
          {"scene_side_px", options.scene_side_px},
          {"jpeg_quality", options.jpeg_quality},
          {"picture_rate_hz", options.picture_rate_hz},
          {"scene", options.scene},
          {"label", options.label}};
}

nlohmann::json read_json(const fs::path& path) {
  const nlohmann::json json = nlohmann::json::parse(read_text_file(path, kRecordLimitBytes), nullptr, false);
  if (!json.is_object()) throw corrupt_data(path, "is no record of ferv face crop");
  return json;
}

void require_equal_options(const fs::path& path, const nlohmann::ordered_json& wanted) {
  const nlohmann::json record = read_json(path);
  if (record.value("format", "") != kFormat || !record.contains("options"))
    throw corrupt_data(path, "is no record of ferv face crop");
  for (const auto& [key, value] : wanted.items()) {
    const nlohmann::json there = record["options"].value(key, nlohmann::json());
    if (there == nlohmann::json(value)) continue;
    throw invalid_argument(path.parent_path().parent_path().string() + ": holds crops made with " + key +
                           " " + there.dump() + ", wanted " + value.dump() + "; choose another folder");
  }
}

/// Tells a film that was changed: size, and time of the last change.
nlohmann::json fingerprint(const fs::path& source) {
  std::error_code ignored;
  const auto time = fs::last_write_time(source, ignored).time_since_epoch().count();
  const std::uintmax_t size = fs::is_directory(source, ignored) ? 0 : fs::file_size(source, ignored);
  return {{"bytes", size}, {"changed", static_cast<std::int64_t>(time)}};
}

nlohmann::ordered_json row_json(const CroppedClip& row) {
  return {{"clip", row.clip},
          {"source", row.source.string()},
          {"label", row.label},
          {"status", to_string(row.status)},
          {"frames_read", row.frames_read},
          {"frames_written", row.frames_written},
          {"frames_without_face", row.frames_without_face},
          {"frames_with_several_faces", row.frames_with_several_faces},
          {"most_faces", row.most_faces},
          {"cuts", row.cuts},
          {"problem", row.problem}};
}

std::optional<CropStatus> status_from_name(const std::string& name) {
  for (const CropStatus status : {CropStatus::kWritten, CropStatus::kNoFace, CropStatus::kUnreadable}) {
    if (name == to_string(status)) return status;
  }
  return std::nullopt;
}

/// nullopt for a record that is none: its clip is then done anew.
std::optional<CroppedClip> row_from_json(const nlohmann::json& json) {
  try {
    CroppedClip row;
    const auto status = status_from_name(json.at("status").get<std::string>());
    if (!status) return std::nullopt;
    row.status = *status;
    row.clip = json.at("clip").get<std::string>();
    row.source = json.at("source").get<std::string>();
    row.label = json.at("label").get<std::string>();
    row.frames_read = json_integer<std::int64_t>(json.at("frames_read"));
    row.frames_written = json_integer<std::int64_t>(json.at("frames_written"));
    row.frames_without_face = json_integer<std::int64_t>(json.at("frames_without_face"));
    row.frames_with_several_faces = json_integer<std::int64_t>(json.at("frames_with_several_faces"));
    row.most_faces = json_integer<std::int64_t>(json.at("most_faces"));
    row.cuts = json_integer<std::int64_t>(json.at("cuts"));
    row.problem = json.at("problem").get<std::string>();
    return row;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

/// A field of the report: a clip has one line.
std::string field_of(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return csv_field(text);
}

std::string dump(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

fs::path face_folder(const CropFilmsOptions& options, const std::string& clip) {
  return options.out / kFaces / clip;
}

fs::path scene_folder(const CropFilmsOptions& options, const std::string& clip) {
  return options.out / kScenes / clip;
}

fs::path scratch_folder(const CropFilmsOptions& options) {
  return options.out / kRecords / ".unfinished";
}

CropRecords::CropRecords(const CropFilmsOptions& options)
    : options_(options), folder_(options.out / kRecords) {
  const fs::path path = folder_ / "options.json";
  if (fs::exists(path)) {
    require_equal_options(path, options_json(options));
  } else {
    for (const char* name : {kFaces, kScenes, "4_setups"}) {
      if (fs::exists(options.out / name)) {
        throw invalid_argument((options.out / name).string() +
                               ": was not made by ferv face crop; choose another folder");
      }
    }
  }
  const fs::path ids = folder_ / "ids.json";
  if (!fs::exists(ids)) return;
  const nlohmann::json known = read_json(ids);
  for (const auto& [source, id] : known.items()) {
    if (!id.is_string()) throw corrupt_data(ids, "is no record of ferv face crop");
    ids_[source] = id.get<std::string>();
  }
}

void CropRecords::begin(const std::vector<FilmClip>& clips) {
  const fs::path path = folder_ / "options.json";
  if (!fs::exists(path)) {
    const nlohmann::ordered_json record = {
        {"format", kFormat}, {"ferv_version", std::string(version())}, {"options", options_json(options_)}};
    write_file_atomically(path, dump(record, 2) + "\n");
  }
  for (const FilmClip& clip : clips) ids_[clip.source.string()] = clip.id;
  const nlohmann::ordered_json json(ids_);
  write_file_atomically(folder_ / "ids.json", dump(json, 0) + "\n");
}

fs::path CropRecords::record_path(const FilmClip& clip) const {
  return folder_ / (clip.id + ".json");
}

std::optional<CroppedClip> CropRecords::find(const FilmClip& clip) const {
  const fs::path path = record_path(clip);
  if (!fs::exists(path)) return std::nullopt;
  const nlohmann::json json = nlohmann::json::parse(read_text_file(path, kRecordLimitBytes), nullptr, false);
  if (!json.is_object() || json.value("film", nlohmann::json()) != fingerprint(clip.source))
    return std::nullopt;
  const auto row = row_from_json(json.value("row", nlohmann::json::object()));
  if (!row || row->clip != clip.id || row->source != clip.source) return std::nullopt;
  if (row->status != CropStatus::kWritten) return row;
  const auto names = media::frame_names(static_cast<int>(row->frames_written));
  const bool is_whole =
      media::folder_is_complete(face_folder(options_, clip.id), names) &&
      (!options_.write_scene_frames || media::folder_is_complete(scene_folder(options_, clip.id), names));
  return is_whole ? row : std::nullopt;
}

void CropRecords::write(const FilmClip& clip, const CroppedClip& row) const {
  const nlohmann::ordered_json record = {{"film", fingerprint(clip.source)}, {"row", row_json(row)}};
  write_file_atomically(record_path(clip), dump(record, 0) + "\n");
}

void write_crop_report(const CropFilmsOptions& options, const CropFilmsSummary& summary) {
  std::string csv =
      "clip,source,label,status,frames_read,frames_written,frames_without_face,frames_with_several_faces,"
      "most_faces,cuts,problem\n";
  auto rows = nlohmann::ordered_json::array();
  for (const CroppedClip& row : summary.clips) {
    csv += field_of(row.clip) + "," + field_of(row.source.string()) + "," + field_of(row.label) + "," +
           std::string(to_string(row.status));
    for (const std::int64_t number : {row.frames_read, row.frames_written, row.frames_without_face,
                                      row.frames_with_several_faces, row.most_faces, row.cuts})
      csv += "," + std::to_string(number);
    csv += "," + field_of(row.problem) + "\n";
    rows.push_back(row_json(row));
  }
  const nlohmann::ordered_json report = {{"format", kFormat},
                                         {"ferv_version", std::string(version())},
                                         {"options", options_json(options)},
                                         {"complete", summary.complete},
                                         {"clips_written", summary.count(CropStatus::kWritten)},
                                         {"clips_without_face", summary.count(CropStatus::kNoFace)},
                                         {"clips_unreadable", summary.count(CropStatus::kUnreadable)},
                                         {"clips", rows}};
  write_file_atomically(options.out / "face_crop.csv", csv);
  write_file_atomically(options.out / "face_crop.json", dump(report, 2) + "\n");
}

}  // namespace ferv::face
