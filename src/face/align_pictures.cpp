// SPDX-License-Identifier: Apache-2.0
#include "ferv/face/align_pictures.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "crop_limits.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/parallel.h"
#include "ferv/face/landmarks.h"
#include "ferv/media/file_names.h"
#include "ferv/media/jpeg.h"

namespace ferv::face {
namespace {

namespace fs = std::filesystem;

void validate(const AlignPicturesOptions& options) {
  require_crop_limits(options.crop, options.jpeg_quality, options.threads);
  require_between(options.middle_share, 0, 1, "share of the middle");
  if (!fs::is_directory(options.folder)) throw not_found(options.folder, "a folder of pictures");
  const fs::path below = options.out.lexically_normal().lexically_relative(options.folder.lexically_normal());
  if (!below.empty() && *below.begin() != "..")
    throw invalid_argument(options.out.string() + ": lies inside " + options.folder.string() +
                           ", wanted another place for the crops");
}

/// Paths below the folder, sorted.
std::vector<fs::path> pictures_below(const AlignPicturesOptions& options) {
  std::vector<fs::path> pictures;
  for (const auto& entry : fs::recursive_directory_iterator(options.folder)) {
    if (entry.is_regular_file() && media::is_picture_name(entry.path().filename().string()))
      pictures.push_back(entry.path().lexically_relative(options.folder));
  }
  if (pictures.empty()) throw not_found(options.folder, "JPEG or PNG pictures in it");
  std::sort(pictures.begin(), pictures.end());
  std::set<fs::path> names;
  for (const fs::path& picture : pictures) {
    if (!names.insert(fs::path(picture).replace_extension(".jpg")).second)
      throw invalid_argument((options.folder / picture).string() +
                             ": another picture has the same name but for its ending");
  }
  return pictures;
}

/// Works on one picture after another; threads share it and bring their own detector.
class PictureAligner {
 public:
  explicit PictureAligner(const AlignPicturesOptions& options) : options_(options) {
    if (!options.landmark_model.empty()) landmarks_.emplace(options.landmark_model);
  }

  /// The square to cut, nullopt where there is no face to cut.
  [[nodiscard]] std::optional<CropPlacement> place(const media::Image& picture, FaceDetector& detector,
                                                   bool& has_face) const {
    const std::vector<Detection> found = detector.detect(picture);
    has_face = !found.empty();
    if (has_face) {
      Face face;
      face.box = found.front().box;
      if (landmarks_) face.landmarks = landmarks_->predict(picture, face.box);
      return place_crop(face, options_.crop);
    }
    if (options_.middle_share == 0) return std::nullopt;
    return CropPlacement{{picture.width_px / 2.0, picture.height_px / 2.0},
                         options_.middle_share * std::min(picture.width_px, picture.height_px)};
  }

 private:
  const AlignPicturesOptions& options_;
  std::optional<LandmarkPredictor> landmarks_;
};

/// What threads find, joined.
class SharedSummary {
 public:
  void add_kept() {
    const std::lock_guard lock(mutex_);
    ++summary_.written;
    ++summary_.kept;
  }
  void add_unreadable(const fs::path& picture) {
    const std::lock_guard lock(mutex_);
    summary_.unreadable.push_back(picture.string());
  }
  void add(const fs::path& picture, bool has_face, bool is_written) {
    const std::lock_guard lock(mutex_);
    summary_.written += is_written ? 1 : 0;
    if (!has_face) summary_.without_face.push_back(picture.string());
  }
  [[nodiscard]] AlignPicturesSummary take() {
    std::sort(summary_.without_face.begin(), summary_.without_face.end());
    std::sort(summary_.unreadable.begin(), summary_.unreadable.end());
    return std::move(summary_);
  }

 private:
  std::mutex mutex_;
  AlignPicturesSummary summary_;
};

void align_one(const AlignPicturesOptions& options, const PictureAligner& aligner, const fs::path& picture,
               SharedSummary& summary) {
  // A detector keeps the memory of its search.
  thread_local std::unique_ptr<FaceDetector> detector;
  thread_local DetectorOptions detector_options;
  const fs::path target = options.out / fs::path(picture).replace_extension(".jpg");
  if (fs::exists(target)) return summary.add_kept();
  media::Image image;
  try {
    image = media::read_picture(options.folder / picture);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kCorruptData) throw;
    return summary.add_unreadable(picture);
  }
  if (!detector || detector_options != options.detector) {
    detector = std::make_unique<FaceDetector>(options.detector);
    detector_options = options.detector;
  }
  bool has_face = false;
  const std::optional<CropPlacement> placement = aligner.place(image, *detector, has_face);
  if (placement) {
    make_folder(target.parent_path());
    write_file_atomically(
        target, media::encode_jpeg(cut_crop(image, *placement, options.crop.size_px), options.jpeg_quality));
  }
  summary.add(picture, has_face, placement.has_value());
}

}  // namespace

AlignPicturesSummary align_pictures(const AlignPicturesOptions& options, const Observer& observer) {
  validate(options);
  const std::vector<fs::path> pictures = pictures_below(options);
  const PictureAligner aligner(options);
  SharedSummary shared;
  std::atomic<std::size_t> done{0};
  const auto caller = std::this_thread::get_id();
  parallel_for(pictures.size(), options.threads, [&](std::size_t i) {
    if (observer.should_stop()) return;
    align_one(options, aligner, pictures[i], shared);
    ++done;
    // An observer hears from the thread that called, and from no other.
    if (std::this_thread::get_id() == caller) {
      observer.progress(
          {.task = "align faces", .done = done, .total = pictures.size(), .unit = "pictures", .detail = ""});
    }
  });
  AlignPicturesSummary summary = shared.take();
  summary.complete = done == pictures.size();
  return summary;
}

}  // namespace ferv::face
