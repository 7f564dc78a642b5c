// SPDX-License-Identifier: Apache-2.0
// What a folder of crops remembers of the runs that made it: the options, and a record a clip.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "ferv/face/crop_films.h"
#include "film_clips.h"

namespace ferv::face {

/// The records lie in <out>/.face_crop: options.json, ids.json, and <id>.json a clip.
class CropRecords {
 public:
  /// Checks that `options.out` may be written to, and reads what lies there. Throws as crop_films() does,
  /// and kCorruptData for records that are none.
  explicit CropRecords(const CropFilmsOptions& options);

  /// The ids that earlier runs gave, by source.
  [[nodiscard]] const std::map<std::string, std::string>& ids() const { return ids_; }
  /// Writes down the options and the ids of these clips: a later run gives the same.
  void begin(const std::vector<FilmClip>& clips);

  /// What an earlier run wrote down of this clip; nullopt where there is nothing, the film has changed since,
  /// or frames are missing.
  [[nodiscard]] std::optional<CroppedClip> find(const FilmClip& clip) const;
  void write(const FilmClip& clip, const CroppedClip& row) const;

 private:
  [[nodiscard]] std::filesystem::path record_path(const FilmClip& clip) const;

  CropFilmsOptions options_;
  std::filesystem::path folder_;
  std::map<std::string, std::string> ids_;
};

/// Where the faces and the scene frames of a clip lie.
[[nodiscard]] std::filesystem::path face_folder(const CropFilmsOptions& options, const std::string& clip);
[[nodiscard]] std::filesystem::path scene_folder(const CropFilmsOptions& options, const std::string& clip);

/// Where unfinished folders lie.
[[nodiscard]] std::filesystem::path scratch_folder(const CropFilmsOptions& options);

/// face_crop.csv and face_crop.json.
void write_crop_report(const CropFilmsOptions& options, const CropFilmsSummary& summary);

}  // namespace ferv::face
