// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/optical_flow.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "clip_folder.h"
#include "dense_flow.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/parallel.h"
#include "ferv/base/version.h"
#include "ferv/media/frame_folder.h"
#include "ferv/media/jpeg.h"
#include "frame_file_limit.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kManifestLimit = std::size_t{1} << 20;
constexpr const char* kFlowFormat = "ferv-flow";
constexpr const char* kScratchName = ".unfinished";

fs::path manifest_path(const fs::path& folder) {
  return folder / "flow.json";
}

void validate(const FlowOptions& options) {
  if (!(options.scale > 0 && options.scale <= 128))
    throw invalid_argument("scale is " + std::to_string(options.scale) + ", wanted above 0 to 128");
  if (options.jpeg_quality < 1 || options.jpeg_quality > 100)
    throw invalid_argument("JPEG quality is " + std::to_string(options.jpeg_quality) + ", wanted 1 to 100");
}

/// Pictures of two settings in one folder would be a data set that nobody can describe.
void require_equal_settings(const fs::path& path, const nlohmann::json& wanted) {
  const nlohmann::json found = nlohmann::json::parse(read_text_file(path, kManifestLimit), nullptr, false);
  if (!found.is_object() || found.value("format", nlohmann::json()) != kFlowFormat ||
      !found.value("settings", nlohmann::json()).is_object()) {
    throw corrupt_data(
        path, std::string("is no manifest of optical flow, wanted \"format\": \"") + kFlowFormat + "\"");
  }
  for (const auto& [key, value] : wanted.items()) {
    const nlohmann::json there = found["settings"].value(key, nlohmann::json());
    if (there == value) continue;
    throw invalid_argument(path.string() + ": the pictures there have " + key + " " + there.dump() +
                           ", wanted " + value.dump() + "; remove the folder to make them anew");
  }
}

/// Makes sure that `folder` holds a manifest with these settings.
void prepare_folder(const fs::path& folder, const FlowOptions& options) {
  const nlohmann::json settings = {{"method", "DIS medium"},
                                   {"direction", "from the frame before"},
                                   {"scale", options.scale},
                                   {"jpeg_quality", options.jpeg_quality}};
  if (fs::exists(manifest_path(folder))) {
    require_equal_settings(manifest_path(folder), settings);
    return;
  }
  const nlohmann::json manifest = {{"format", kFlowFormat},
                                   {"version", 1},
                                   {"ferv_version", std::string(version())},
                                   {"settings", settings}};
  write_file_atomically(manifest_path(folder), manifest.dump(2) + "\n");
}

class FlowWriter {
 public:
  FlowWriter(const ClipIndex& index, fs::path folder, const FlowOptions& options)
      : index_(index), folder_(std::move(folder)), options_(options) {}

  /// True when every frame of the clip has its picture.
  [[nodiscard]] bool has(const Clip& clip) const {
    Clip there;
    there.id = clip.id;
    scan_clip_folder(folder_, there);
    return there.frame_count == clip.frame_count && there.frame_names == clip.frame_names;
  }

  /// Throws kNotFound or kCorruptData when the clip's faces cannot be read.
  void write(const Clip& clip) const {
    if (clip.frame_count < 1)
      throw not_found(index_.face_folder / clip.id, "a folder with frames of this clip");
    const fs::path scratch = folder_ / kScratchName / clip.id;
    std::error_code error;
    fs::remove_all(scratch, error);
    make_folder(scratch);
    const std::vector<std::vector<std::uint8_t>> pictures = compute(clip);
    for (int frame = 0; frame < clip.frame_count; ++frame) {
      media::write_picture(frame_path(folder_ / kScratchName, clip, frame),
                           pictures[static_cast<std::size_t>(frame)]);
    }
    media::move_into_place(scratch, folder_ / clip.id);
  }

 private:
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> compute(const Clip& clip) const {
    media::JpegDecoder decoder;
    DenseFlow flow;
    media::Image before;
    media::Image here;
    std::vector<std::vector<std::uint8_t>> pictures;
    for (int frame = 0; frame < clip.frame_count; ++frame) {
      const fs::path path = frame_path(index_.face_folder, clip, frame);
      std::swap(before, here);
      decoder.decode(read_file(path, kFrameFileLimit), path.string(), here);
      if (frame == 0) continue;
      if (here.width_px != before.width_px || here.height_px != before.height_px)
        throw corrupt_data(path, "has another size than the frame before it");
      pictures.push_back(coded(flow, before, here));
    }
    if (pictures.empty()) pictures.push_back(coded(flow, here, here));
    // The first frame has none before it: it repeats the second.
    if (static_cast<int>(pictures.size()) < clip.frame_count)
      pictures.insert(pictures.begin(), pictures.front());
    return pictures;
  }

  [[nodiscard]] std::vector<std::uint8_t> coded(DenseFlow& flow, const media::Image& before,
                                                const media::Image& after) const {
    return media::encode_jpeg(flow.estimate(before, after, options_.scale), options_.jpeg_quality,
                              media::Chroma::kFull);
  }

  const ClipIndex& index_;
  fs::path folder_;
  FlowOptions options_;
};

/// Bad data of one clip is a row of the summary; a disk that is full is not.
bool is_bad_data(const Error& error) {
  return error.kind() == ErrorKind::kNotFound || error.kind() == ErrorKind::kCorruptData;
}

}  // namespace

FlowSummary write_optical_flow(const ClipIndex& index, const FlowOptions& options, const Observer& observer) {
  validate(options);
  if (index.face_folder.empty()) throw not_found(index.root / "2_ClipsforFaceCrop", "the face crops");
  const fs::path folder = index.flow_folder.empty() ? index.root / "5_OpticalFlow" : index.flow_folder;
  prepare_folder(folder, options);
  const FlowWriter writer(index, folder, options);
  FlowSummary summary;
  std::mutex mutex;
  std::atomic<bool> stopped{false};
  const std::thread::id caller = std::this_thread::get_id();
  parallel_for(index.clips.size(), options.threads, [&](std::size_t i) {
    if (observer.should_stop()) {
      stopped = true;
      return;
    }
    const Clip& clip = index.clips[i];
    std::optional<BadClip> bad;
    const bool is_kept = clip.frame_count > 0 && writer.has(clip);
    try {
      if (!is_kept) writer.write(clip);
    } catch (const Error& error) {
      if (!is_bad_data(error)) throw;
      bad = BadClip{i, error.what(), 0, std::nullopt};
    }
    const std::lock_guard lock(mutex);
    if (bad) {
      summary.bad.push_back(std::move(*bad));
    } else {
      ++(is_kept ? summary.clips_kept : summary.clips_written);
    }
    // Only the calling thread talks to the observer.
    if (std::this_thread::get_id() == caller) {
      const std::size_t done = summary.clips_kept + summary.clips_written + summary.bad.size();
      observer.progress({"optical flow", done, index.clips.size(), "clips", ""});
    }
  });
  std::error_code ignored;
  fs::remove_all(folder / kScratchName, ignored);
  std::sort(summary.bad.begin(), summary.bad.end(),
            [](const BadClip& a, const BadClip& b) { return a.position < b.position; });
  summary.complete = !stopped;
  return summary;
}

}  // namespace ferv::data
