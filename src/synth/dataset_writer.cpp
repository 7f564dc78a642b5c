// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/dataset_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <numeric>
#include <set>
#include <system_error>
#include <thread>

#include "clip_files.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/joined.h"
#include "ferv/base/parallel.h"
#include "ferv/synth/clip_plan.h"
#include "ferv/synth/names.h"
#include "film_files.h"
#include "layout_files.h"
#include "layout_plan.h"
#include "manifest.h"

namespace ferv::synth {
namespace {

namespace fs = std::filesystem;

constexpr int kSmallestFacePx = 32;
constexpr int kLargestFacePx = 1024;

/// What there is to do, whatever the layout.
struct Work {
  SynthSummary summary;  ///< of the whole data set
  std::size_t clip_count = 0;
  std::function<bool(std::size_t)> is_complete;
  std::function<std::size_t(std::size_t)> render;  ///< gives the number of pictures
  std::function<void()> write_lists;
};

void require_known_layout(const SynthOptions& options) {
  const std::vector<std::string> names = synth_layouts();
  if (std::find(names.begin(), names.end(), options.layout) == names.end()) {
    const std::string near = nearest_word(options.layout, names);
    throw invalid_argument("layout is '" + options.layout + "', wanted one of " + joined(names, ", ") +
                           (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  if (options.films > 0) {
    if (options.layout != "ferv39k" || options.clips != 0 || !options.counts_file.empty())
      throw invalid_argument("films stand alone: they take no layout, clips or table of counts");
    if (!options.film_opener) throw invalid_argument("films want a film_opener");
    return;
  }
  if (options.films < 0)
    throw invalid_argument("number of films is " + std::to_string(options.films) + ", wanted 0 or more");
  if (options.layout == "ferv39k") {
    if (options.clips != 0)
      throw invalid_argument(
          "layout ferv39k takes clips per cell or a table of counts, not a number of clips");
    return;
  }
  if (!options.counts_file.empty() || !options.scenes.empty() || options.film_opener) {
    throw invalid_argument("layout " + options.layout +
                           " has no scenes, scene counts and films; those belong to ferv39k");
  }
}

/// Fills `scenes` with all when none is named, and checks what can be checked without reading a file.
SynthOptions checked(SynthOptions options) {
  require_known_layout(options);
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
void render_missing(const Work& work, int threads, const Observer& observer, SynthSummary& summary) {
  std::atomic<std::size_t> written{0};
  std::atomic<std::size_t> kept{0};
  std::atomic<std::size_t> frames{0};
  const auto caller = std::this_thread::get_id();
  parallel_for(work.clip_count, threads, [&](std::size_t i) {
    if (observer.should_stop()) return;
    if (work.is_complete(i)) {
      ++kept;
    } else {
      frames += work.render(i);
      ++written;
    }
    // An observer hears from the thread that called, and from no other.
    if (std::this_thread::get_id() == caller) {
      observer.progress({.task = "render clips",
                         .done = written + kept,
                         .total = work.clip_count,
                         .unit = "clips",
                         .detail = {}});
    }
  });
  summary.clips_written = written;
  summary.clips_kept = kept;
  summary.frames_written = frames;
}

Work ferv39k_work(const SynthOptions& options) {
  const auto clips = std::make_shared<const std::vector<PlannedClip>>(make_plan(options));
  Work work;
  work.summary = summarise(*clips);
  work.clip_count = clips->size();
  work.is_complete = [clips, &options](std::size_t i) {
    return clip_is_complete(clip_files(options, (*clips)[i]), (*clips)[i].frame_count);
  };
  work.render = [clips, &options](std::size_t i) {
    write_clip(options, (*clips)[i], clip_files(options, (*clips)[i]));
    return static_cast<std::size_t>((*clips)[i].frame_count);
  };
  work.write_lists = [clips, &options] { write_lists(options, *clips); };
  return work;
}

Work films_work(const SynthOptions& options) {
  Work work;
  work.summary = summarise_films(options);
  work.clip_count = static_cast<std::size_t>(options.films);
  work.is_complete = [&options](std::size_t i) { return film_is_complete(options, i); };
  work.render = [&options](std::size_t i) { return write_film(options, i); };
  work.write_lists = [&options] { write_file_atomically(options.folder / "films.csv", film_list(options)); };
  return work;
}

Work other_work(const SynthOptions& options) {
  const auto layouts = other_layouts();
  const auto layout = std::find_if(layouts.begin(), layouts.end(),
                                   [&](const Layout& known) { return known.name == options.layout; });
  const auto plan = std::make_shared<const LayoutPlan>(layout->plan(options));
  Work work;
  work.summary = plan->summary;
  work.clip_count = plan->clips.size();
  work.is_complete = [plan, &options](std::size_t i) {
    return folders_are_complete(options, plan->clips[i]);
  };
  work.render = [plan, &options](std::size_t i) { return write_folders(options, plan->clips[i], i); };
  work.write_lists = [plan, &options] {
    for (const ListFile& list : plan->lists) write_file_atomically(options.folder / list.path, list.text);
  };
  return work;
}

}  // namespace

std::vector<std::string> synth_layouts() {
  std::vector<std::string> names = {"ferv39k"};
  for (const Layout& layout : other_layouts()) names.emplace_back(layout.name);
  return names;
}

SynthSummary write_data_set(const SynthOptions& given, const Observer& observer) {
  const SynthOptions options = checked(given);
  const Work work = options.films > 0             ? films_work(options)
                    : options.layout == "ferv39k" ? ferv39k_work(options)
                                                  : other_work(options);
  SynthSummary summary = work.summary;
  require_own_folder(options);
  make_folder(options.folder);
  // The manifest comes first: what a stopped run leaves is then known to be ours.
  write_manifest(options, summary);
  remove_scratch(options.folder);
  work.write_lists();
  render_missing(work, options.threads, observer, summary);
  remove_scratch(options.folder);
  summary.complete = summary.clips_written + summary.clips_kept == work.clip_count;
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
