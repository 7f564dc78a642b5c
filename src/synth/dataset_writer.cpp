// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/dataset_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <numeric>
#include <set>
#include <system_error>
#include <thread>

#include "clip_files.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/parallel.h"
#include "ferv/synth/clip_plan.h"
#include "ferv/synth/names.h"
#include "manifest.h"

namespace ferv::synth {
namespace {

namespace fs = std::filesystem;

constexpr int kSmallestFacePx = 32;
constexpr int kLargestFacePx = 1024;

/// Fills `scenes` with all when none is named, and checks what can be checked without reading a file.
SynthOptions checked(SynthOptions options) {
  if (options.scenes.empty()) options.scenes.assign(scene_names().begin(), scene_names().end());
  // The order of the names on the command line is of no meaning; without duplicates and sorted, equal sets
  // are equal.
  std::sort(options.scenes.begin(), options.scenes.end());
  options.scenes.erase(std::unique(options.scenes.begin(), options.scenes.end()), options.scenes.end());
  if (options.face_size_px < kSmallestFacePx || options.face_size_px > kLargestFacePx) {
    throw invalid_argument("size of the face crops is " + std::to_string(options.face_size_px) +
                           " px, wanted " + std::to_string(kSmallestFacePx) + " to " +
                           std::to_string(kLargestFacePx));
  }
  if (options.jpeg_quality && (*options.jpeg_quality < 1 || *options.jpeg_quality > 100)) {
    throw invalid_argument("JPEG quality is " + std::to_string(*options.jpeg_quality) + ", wanted 1 to 100");
  }
  if (options.threads < 0)
    throw invalid_argument("threads is " + std::to_string(options.threads) + ", wanted 0 (all) or more");
  return options;
}

std::vector<PlannedClip> make_plan(const SynthOptions& options) {
  std::vector<std::size_t> scenes;
  for (const std::string& name : options.scenes) scenes.push_back(scene_index(name));
  const std::vector<CellCount> cells = options.counts_file.empty()
                                           ? equal_counts(scenes, options.clips_per_cell)
                                           : read_counts(options.counts_file, scenes);
  return plan_clips(cells, options.seed);
}

SynthSummary summarise(std::span<const PlannedClip> clips) {
  SynthSummary summary;
  std::set<std::size_t> identities;
  for (const PlannedClip& clip : clips) {
    ++(clip.is_test ? summary.test_clips : summary.train_clips);
    summary.frames += static_cast<std::size_t>(clip.frame_count);
    identities.insert(clip.identity);
  }
  summary.identities = identities.size();
  return summary;
}

void write_lists(const SynthOptions& options, std::span<const PlannedClip> clips) {
  const fs::path setups = options.folder / "4_setups";
  for (const bool test : {false, true}) {
    const std::string split = test ? "test_" : "train_";
    write_file_atomically(setups / "All_scenes" / (split + "All.csv"),
                          annotation_text(clips, test, std::nullopt, options.seed));
    for (const std::string& scene : options.scenes) {
      write_file_atomically(setups / "22_scenes" / (split + scene + ".csv"),
                            annotation_text(clips, test, scene_index(scene), options.seed));
    }
  }
  AtomicFile table(options.folder / "synth_clips.csv");
  table.write("clip,split,identity,frames\n");
  for (const PlannedClip& clip : clips) {
    table.write(clip.path() + (clip.is_test ? ",test," : ",train,") + std::to_string(clip.identity) + "," +
                std::to_string(clip.frame_count) + "\n");
  }
  table.commit();
}

void remove_scratch(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder / ".unfinished", error);
  if (error)
    throw io_error(folder / ".unfinished", "cannot remove what an unfinished run left", error.value());
}

/// Before a manifest may say "complete", the pictures must outlive a power cut.
void sync_file_system(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw io_error(folder, "cannot open", errno);
  const int result = ::syncfs(descriptor);
  const int reason = errno;
  ::close(descriptor);
  if (result != 0) throw io_error(folder, "cannot write", reason);
}

/// Renders what is missing; adds to the counts of clips and frames in `summary`.
void write_clips(const SynthOptions& options, std::span<const PlannedClip> clips, const Observer& observer,
                 SynthSummary& summary) {
  std::atomic<std::size_t> written{0};
  std::atomic<std::size_t> kept{0};
  std::atomic<std::size_t> frames{0};
  const auto caller = std::this_thread::get_id();
  parallel_for(clips.size(), options.threads, [&](std::size_t i) {
    if (observer.should_stop()) return;
    const PlannedClip& clip = clips[i];
    const ClipFiles files = clip_files(options, clip);
    if (clip_is_complete(files, clip.frame_count)) {
      ++kept;
    } else {
      write_clip(options, clip, files);
      ++written;
      frames += static_cast<std::size_t>(clip.frame_count);
    }
    // An observer hears from the thread that called, and from no other.
    if (std::this_thread::get_id() == caller) {
      observer.progress({.task = "render clips",
                         .done = written + kept,
                         .total = clips.size(),
                         .unit = "clips",
                         .detail = {}});
    }
  });
  summary.clips_written = written;
  summary.clips_kept = kept;
  summary.frames_written = frames;
}

}  // namespace

SynthSummary write_data_set(const SynthOptions& given, const Observer& observer) {
  const SynthOptions options = checked(given);
  const std::vector<PlannedClip> clips = make_plan(options);
  SynthSummary summary = summarise(clips);
  require_own_folder(options);
  make_folder(options.folder);
  // The manifest comes first: what a stopped run leaves is then known to be ours.
  write_manifest(options, summary);
  remove_scratch(options.folder);
  write_lists(options, clips);
  write_clips(options, clips, observer, summary);
  remove_scratch(options.folder);
  summary.complete = summary.clips_written + summary.clips_kept == clips.size();
  if (summary.clips_kept > 0) {
    observer.log("kept " + std::to_string(summary.clips_kept) + " clips that an earlier run had finished");
  }
  if (summary.complete) {
    sync_file_system(options.folder);
    write_manifest(options, summary);
  }
  return summary;
}

}  // namespace ferv::synth
