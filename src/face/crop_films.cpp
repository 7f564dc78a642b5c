// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/crop_films.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <optional>
#include <thread>

#include "clip_crops.h"
#include "crop_limits.h"
#include "crop_lists.h"
#include "crop_records.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/parallel.h"
#include "ferv/face/landmarks.h"
#include "ferv/media/frame_folder.h"
#include "ferv/media/jpeg.h"
#include "ferv/media/video_source.h"
#include "film_clips.h"

namespace ferv::face {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kNoFaceNames = {"repeat", "drop", "fail"};
constexpr std::array<std::string_view, 2> kChoiceNames = {"longest", "largest"};
constexpr std::array<std::string_view, 2> kCutNames = {"longest-shot", "keep"};

template <typename Value, std::size_t kCount>
Value value_named(std::string_view name, const std::array<std::string_view, kCount>& names,
                  const char* what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<Value>(found - names.begin());
  std::string wanted;
  for (const std::string_view one : names) wanted += (wanted.empty() ? "" : ", ") + std::string(one);
  throw invalid_argument(std::string(what) + " is '" + std::string(name) + "', wanted " + wanted);
}

void validate(const CropFilmsOptions& options) {
  require_crop_limits(options.crop, options.jpeg_quality, options.threads);
  require_between(options.test_share, 0, 1, "share of tested clips");
  if (options.scene_side_px != 0)
    require_between(options.scene_side_px, 16, 65500, "longer side of scene frames");
  const auto& classes = options.classes;
  if (!options.label.empty() && std::find(classes.begin(), classes.end(), options.label) == classes.end()) {
    const std::string near = nearest_word(options.label, classes);
    throw invalid_argument("label is '" + options.label + "', which is none of the classes" +
                           (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
}

/// Thrown inside this file when the observer wants an end: the clip in work is given up.
struct Stopped {};

/// Turns one film after another into folders; threads share it.
class ClipCropper {
 public:
  ClipCropper(const CropFilmsOptions& options, const Observer& observer)
      : options_(options), observer_(observer) {
    // One model for all threads: it has 100 MB.
    if (!options.tracker.landmark_model.empty()) landmarks_.emplace(options.tracker.landmark_model);
    tracker_options_ = options.tracker;
    tracker_options_.landmark_model.clear();
    source_options_.picture_rate_hz = options.picture_rate_hz;
    source_options_.decoder_threads = options.threads == 1 ? 0 : 1;
  }

  /// Throws kIo, and Stopped.
  [[nodiscard]] CroppedClip crop(const FilmClip& clip) const {
    CroppedClip row;
    row.clip = clip.id;
    row.source = clip.source;
    row.label = clip.label;
    ClipCrops crops;
    try {
      crops = look_for_faces(clip, row);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kIo && row.frames_read > 0) throw;
      row.status = CropStatus::kUnreadable;
      row.problem = error.what();
      return row;
    }
    row.frames_without_face = crops.frames_without_face;
    row.frames_with_several_faces = crops.frames_with_several_faces;
    const auto is_cut = [](const auto& placement) { return placement.has_value(); };
    if (std::none_of(crops.placements.begin(), crops.placements.end(), is_cut)) {
      row.status = CropStatus::kNoFace;
      if (row.problem.empty())
        row.problem = row.most_faces == 0
                          ? "no face in any frame"
                          : std::to_string(crops.frames_without_face) + " frames without the face";
      return row;
    }
    write_frames(clip, crops, row);
    return row;
  }

 private:
  /// First pass: who is where in each frame.
  ClipCrops look_for_faces(const FilmClip& clip, CroppedClip& row) const {
    const auto source = media::open_video_source(clip.source, source_options_);
    FaceTracker tracker(tracker_options_);
    std::vector<FrameCandidates> frames;
    int shot = 0;
    for (media::VideoFrame frame; source->read(frame);) {
      if (observer_.should_stop()) throw Stopped();
      const FrameFaces found = tracker.push(frame.image, frame.timestamp_s);
      row.cuts += found.shot_changed;
      shot += found.shot_changed;
      row.most_faces = std::max(row.most_faces, static_cast<std::int64_t>(found.faces.size()));
      frames.push_back({shot, {}});
      for (Face face : found.faces) {
        if (landmarks_) face.landmarks = landmarks_->predict(frame.image, face.box);
        frames.back().faces.push_back(
            {face.id, face.box.width * face.box.height, place_crop(face, options_.crop)});
      }
      ++row.frames_read;
    }
    row.problem = source->warning();
    return choose_crops(frames, options_);
  }

  /// Second pass: the same frames again, cut and written. Folders appear whole or not at all, the faces last.
  void write_frames(const FilmClip& clip, const ClipCrops& crops, CroppedClip& row) const {
    const fs::path scratch = scratch_folder(options_) / clip.id;
    std::error_code ignored;
    fs::remove_all(scratch, ignored);
    make_folder(scratch / "faces");
    if (options_.write_scene_frames) make_folder(scratch / "scenes");
    const auto count = static_cast<int>(std::count_if(crops.placements.begin(), crops.placements.end(),
                                                      [](const auto& one) { return one.has_value(); }));
    const std::vector<std::string> names = media::frame_names(count);
    const auto source = media::open_video_source(clip.source, source_options_);
    std::size_t written = 0;
    for (media::VideoFrame frame; source->read(frame);) {
      if (observer_.should_stop()) throw Stopped();
      const auto index = static_cast<std::size_t>(frame.index);
      if (index >= crops.placements.size() || !crops.placements[index]) continue;
      const std::string& name = names[written++];
      media::write_picture(
          scratch / "faces" / name,
          media::encode_jpeg(cut_crop(frame.image, *crops.placements[index], options_.crop.size_px),
                             options_.jpeg_quality));
      if (options_.write_scene_frames) {
        media::write_picture(
            scratch / "scenes" / name,
            media::encode_jpeg(scene_picture(std::move(frame.image)), options_.jpeg_quality));
      }
    }
    if (written != names.size())
      throw failed(clip.source.string() + ": gave other frames when it was read a second time");
    if (options_.write_scene_frames)
      media::move_into_place(scratch / "scenes", scene_folder(options_, clip.id));
    media::move_into_place(scratch / "faces", face_folder(options_, clip.id));
    fs::remove_all(scratch, ignored);
    row.frames_written = count;
  }

  [[nodiscard]] media::Image scene_picture(media::Image frame) const {
    const int longer = std::max(frame.width_px, frame.height_px);
    if (options_.scene_side_px == 0 || longer <= options_.scene_side_px) return frame;
    const auto shrunk = [&](int side) {
      return std::max(1, static_cast<int>(std::lround(1.0 * side * options_.scene_side_px / longer)));
    };
    return media::crop_and_resize(
        frame, {0, 0, static_cast<double>(frame.width_px), static_cast<double>(frame.height_px)},
        shrunk(frame.width_px), shrunk(frame.height_px));
  }

  const CropFilmsOptions& options_;
  const Observer& observer_;
  std::optional<LandmarkPredictor> landmarks_;
  TrackerOptions tracker_options_;
  media::VideoSourceOptions source_options_;
};

/// What a run works on.
struct CropRun {
  const std::vector<FilmClip>& clips;
  const ClipCropper& cropper;
  const CropRecords& records;
  int threads = 0;
};

/// Crops what is missing. Of each clip that is done, its row; `kept` counts those of earlier runs.
std::vector<CroppedClip> crop_missing(const CropRun& run, const Observer& observer, std::size_t& kept) {
  std::vector<std::optional<CroppedClip>> rows(run.clips.size());
  std::atomic<std::size_t> done_count{0}, kept_count{0};
  const auto caller = std::this_thread::get_id();
  parallel_for(run.clips.size(), run.threads, [&](std::size_t i) {
    const FilmClip& clip = run.clips[i];
    if (observer.should_stop()) return;
    rows[i] = run.records.find(clip);
    if (rows[i]) {
      ++kept_count;
    } else {
      try {
        CroppedClip row = run.cropper.crop(clip);
        run.records.write(clip, row);
        rows[i] = std::move(row);
      } catch (const Stopped&) {
        return;
      }
    }
    ++done_count;
    // An observer hears from the thread that called, and from no other.
    if (std::this_thread::get_id() == caller) {
      observer.progress({.task = "crop faces",
                         .done = done_count,
                         .total = run.clips.size(),
                         .unit = "clips",
                         .detail = clip.id});
    }
  });
  kept = kept_count;
  std::vector<CroppedClip> done;
  for (auto& row : rows) {
    if (row) done.push_back(std::move(*row));
  }
  return done;
}

}  // namespace

std::string_view to_string(NoFacePolicy policy) noexcept {
  return kNoFaceNames[static_cast<std::size_t>(policy)];
}
std::string_view to_string(FaceChoice choice) noexcept {
  return kChoiceNames[static_cast<std::size_t>(choice)];
}
std::string_view to_string(CutPolicy policy) noexcept {
  return kCutNames[static_cast<std::size_t>(policy)];
}
NoFacePolicy no_face_policy_from_name(std::string_view name) {
  return value_named<NoFacePolicy>(name, kNoFaceNames, "policy for frames without a face");
}
FaceChoice face_choice_from_name(std::string_view name) {
  return value_named<FaceChoice>(name, kChoiceNames, "choice among several faces");
}
CutPolicy cut_policy_from_name(std::string_view name) {
  return value_named<CutPolicy>(name, kCutNames, "policy for cuts");
}

std::string_view to_string(CropStatus status) noexcept {
  switch (status) {
    case CropStatus::kNoFace:
      return "no-face";
    case CropStatus::kUnreadable:
      return "unreadable";
    case CropStatus::kWritten:
      break;
  }
  return "written";
}

std::size_t CropFilmsSummary::count(CropStatus status) const {
  return static_cast<std::size_t>(std::count_if(
      clips.begin(), clips.end(), [&](const CroppedClip& row) { return row.status == status; }));
}

CropFilmsSummary crop_films(const CropFilmsOptions& options, const Observer& observer) {
  validate(options);
  CropRecords records(options);
  const std::vector<FilmClip> clips = find_film_clips(options, records.ids());
  const ClipCropper cropper(options, observer);
  // Nothing is written before here: what is not there is said first.
  records.begin(clips);
  std::error_code ignored;
  fs::remove_all(scratch_folder(options), ignored);

  CropFilmsSummary summary;
  summary.clips = crop_missing({clips, cropper, records, options.threads}, observer, summary.kept);
  summary.complete = summary.clips.size() == clips.size();
  fs::remove_all(scratch_folder(options), ignored);
  write_crop_report(options, summary);
  if (summary.complete) write_crop_lists(options, summary);
  return summary;
}

}  // namespace ferv::face
