// SPDX-License-Identifier: Apache-2.0
// Turns raw clips into a data set in FERV39k's layout: the face of each frame, and the frame around it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/face/crop.h"
#include "ferv/face/tracker.h"

namespace ferv::face {

/// What becomes of a frame without the face that the clip is about.
enum class NoFacePolicy : std::uint8_t {
  kRepeat,  ///< it is cut where the face was in the nearest frame that shows it
  kDrop,    ///< it is left out
  kFail,    ///< the whole clip is left out
};

/// Whose face is taken where a clip shows several.
enum class FaceChoice : std::uint8_t {
  kLongest,  ///< who is seen in most frames
  kLargest,  ///< whose face is largest on average
};

/// What becomes of a clip with cuts.
enum class CutPolicy : std::uint8_t {
  kLongestShot,  ///< only the shot that shows the chosen face in most frames is taken: no clip spans two
  kKeep,         ///< all shots are taken, in each the face that FaceChoice says
};

/// By the names that the command line knows: "repeat", "longest", "longest-shot" ...
/// The second three throw kInvalidArgument for any other word.
[[nodiscard]] std::string_view to_string(NoFacePolicy policy) noexcept;
[[nodiscard]] std::string_view to_string(FaceChoice choice) noexcept;
[[nodiscard]] std::string_view to_string(CutPolicy policy) noexcept;
[[nodiscard]] NoFacePolicy no_face_policy_from_name(std::string_view name);
[[nodiscard]] FaceChoice face_choice_from_name(std::string_view name);
[[nodiscard]] CutPolicy cut_policy_from_name(std::string_view name);

struct CropFilmsOptions {
  /// Films, folders of films at any depth, and folders of pictures. The folder that bears the name of a class
  /// is a clip's label, the folder above it the scene.
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path out;
  std::vector<std::string> classes;  ///< the names that labels may have, e.g. data::expression_names()
  std::string scene;                 ///< for all clips; empty: as the folders say
  std::string label;                 ///< for all clips; empty: as the folders say

  NoFacePolicy no_face = NoFacePolicy::kRepeat;
  FaceChoice choice = FaceChoice::kLongest;
  CutPolicy cuts = CutPolicy::kLongestShot;
  CropOptions crop = {};
  TrackerOptions tracker = {.face_limit = 6};  ///< its landmark_model levels the crops
  bool write_scene_frames = true;
  int scene_side_px = 0;  ///< longer sides of scene frames are shrunk to this; 0: as filmed
  int jpeg_quality = 95;
  double picture_rate_hz = 25;  ///< at which the pictures of a folder follow each other

  /// Which clips are tested, by id, where that is known; the others are drawn.
  std::map<std::string, bool> is_test = {};
  double test_share = 0.2;  ///< of each (scene, label), rounded up, of what is drawn
  std::uint64_t seed = 1;   ///< of that draw
  int threads = 0;          ///< clips worked on at once, 0 = all cores that this process may use
};

enum class CropStatus : std::uint8_t {
  kWritten,
  kNoFace,      ///< no face in any frame, or with NoFacePolicy::kFail in some
  kUnreadable,  ///< no film, or not one frame of it can be decoded
};

[[nodiscard]] std::string_view to_string(CropStatus status) noexcept;  ///< "written", "no-face", "unreadable"

/// A row of the report.
struct CroppedClip {
  std::string clip;  ///< "War/Sad/0007"
  std::filesystem::path source;
  std::string label;  ///< empty: none of the classes; such clips stand in no list
  CropStatus status = CropStatus::kWritten;
  std::int64_t frames_read = 0;
  std::int64_t frames_written = 0;
  std::int64_t frames_without_face = 0;        ///< of the chosen one, in the shots taken
  std::int64_t frames_with_several_faces = 0;  ///< in the shots taken
  std::int64_t most_faces = 0;                 ///< in one frame
  std::int64_t cuts = 0;
  std::string problem;  ///< one line; may be set although the clip was written: a truncated tail
};

struct CropFilmsSummary {
  std::vector<CroppedClip> clips;  ///< in the order of their ids
  std::size_t kept = 0;            ///< of those: done by an earlier run
  bool complete = false;           ///< false: stopped by the observer; the same call goes on

  [[nodiscard]] std::size_t count(CropStatus status) const;
};

/// Writes
///     2_ClipsforFaceCrop/<Scene>/<Label>/<NNNN>/NN.jpg     the faces, level and square
///     3_ClipsforScenImages/<the same>                       the frames that they are from
///     4_setups/All_scenes/{train,test}_All.csv              lists of all clips that have a label
///     face_crop.csv, face_crop.json                         the report: a row a clip
/// Numbers of four digits in the films' names are kept; others are counted, and stay the same when films are
/// added. A clip whose folders name no class goes to <Scene>/Unlabelled. Each clip appears whole or not at
/// all, and what is complete is kept, as long as its film is unchanged. A clip that cannot be read is a row
/// of the report, not an error.
///
/// Throws kNotFound for missing inputs and where no film is found below them; kInvalidArgument for impossible
/// options, over 10,000 clips of one scene and label, and an `out` with crops of other options or of somebody
/// else; kIo; what FaceTracker throws for the landmark model.
[[nodiscard]] CropFilmsSummary crop_films(const CropFilmsOptions& options, const Observer& observer);

}  // namespace ferv::face
