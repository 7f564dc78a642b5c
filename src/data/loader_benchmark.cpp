// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/loader_benchmark.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <numeric>

#include "clip_plan.h"
#include "ferv/base/error.h"
#include "ferv/base/median.h"
#include "ferv/base/parallel.h"
#include "ferv/base/random.h"
#include "ferv/base/stopwatch.h"
#include "ferv/data/frame_store.h"
#include "ferv/data/pack.h"
#include "ferv/media/jpeg.h"

namespace ferv::data {
namespace {

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::vector<std::size_t> all_positions(const ClipIndex& index) {
  std::vector<std::size_t> positions(index.clips.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return positions;
}

/// The JPEG files of epoch 0 of a loader, in memory.
class DecoderAlone {
 public:
  DecoderAlone(const ClipIndex& index, const LoaderOptions& options) : threads_(options.threads) {
    for (std::size_t position = 0; position < index.clips.size(); ++position) {
      const Clip& clip = index.clips[position];
      const std::uint64_t seed = derive_seed(options.seed, "sample", {0, position});
      std::vector<int> frames = plan_clip(clip.frame_count, options, seed).frames;
      frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
      for (const int frame : frames) {
        std::vector<std::uint8_t> buffer;
        const StoredFrame stored = stored_frame(index, {clip, Stream::kFace, frame}, buffer);
        files_.emplace_back(stored.bytes.begin(), stored.bytes.end());
      }
    }
  }

  [[nodiscard]] std::size_t frame_count() const { return files_.size(); }

  [[nodiscard]] double seconds() const {
    const Stopwatch watch;
    parallel_for(files_.size(), threads_, [&](std::size_t i) {
      static thread_local media::JpegDecoder decoder;
      static thread_local media::Image image;
      decoder.decode(files_[i], "frame", image);
    });
    return watch.seconds();
  }

 private:
  int threads_;
  std::vector<std::vector<std::uint8_t>> files_;
};

/// A loader that has started its threads and filled its caches.
class TimedLoader {
 public:
  TimedLoader(const ClipIndex& index, const LoaderOptions& options)
      : loader_(index, all_positions(index), options) {
    (void)seconds();
  }

  /// One whole epoch 0: every time the same frames.
  [[nodiscard]] double seconds() {
    const Stopwatch watch;
    loader_.start_epoch(0);
    while (loader_.next() != nullptr) peak_bytes_ = std::max(peak_bytes_, resident_bytes());
    return watch.seconds();
  }
  [[nodiscard]] std::uint64_t peak_bytes() const { return peak_bytes_; }

 private:
  BatchLoader loader_;
  std::uint64_t peak_bytes_ = 0;
};

/// A folder that goes with the benchmark.
class Scratch {
 public:
  explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] ClipIndex packed(const ClipIndex& index, PackEncoding encoding, const ClipSpec& spec) const {
    const std::filesystem::path path = path_ / (std::string(to_string(encoding)) + ".pack");
    (void)write_pack(index, path, {.encoding = encoding, .size_px = spec.height_px}, {});
    return open_pack(path).index;
  }

 private:
  std::filesystem::path path_;
};

ClipIndex training_part(const ClipIndex& index, std::size_t clip_count) {
  if (index.store)
    throw not_found(index.root, "a folder with frames as files: packs are made from them here");
  ClipIndex part = index;
  std::erase_if(part.clips,
                [](const Clip& clip) { return clip.split != Split::kTrain || clip.frame_count < 1; });
  if (part.clips.empty()) throw not_found(index.root, "training clips with frames");
  if (part.clips.size() > clip_count) part.clips.resize(clip_count);
  return part;
}

}  // namespace

LoaderBenchmark benchmark_loader(const ClipIndex& index, const LoaderBenchmarkOptions& options,
                                 const Observer& observer) {
  const ClipIndex part = training_part(index, options.clip_count);
  LoaderOptions loader = options.loader;
  if (loader.threads == 0) loader.threads = available_cores();
  const std::uint64_t before = resident_bytes();
  TimedLoader files(part, loader);
  LoaderBenchmark result;
  result.memory_bytes = std::max(files.peak_bytes(), before) - before;

  const DecoderAlone decoder(part, loader);
  const Scratch scratch(options.scratch);
  const ClipIndex jpeg_pack = scratch.packed(part, PackEncoding::kJpeg, loader.spec);
  const ClipIndex raw_pack = scratch.packed(part, PackEncoding::kRaw, loader.spec);
  TimedLoader jpeg(jpeg_pack, loader);
  TimedLoader raw(raw_pack, loader);
  LoaderOptions with_cache = loader;
  with_cache.cache_bytes = std::size_t{4} << 30;
  TimedLoader cache(part, with_cache);

  result.clips = part.clips.size();
  result.frames = decoder.frame_count();
  result.threads = loader.threads;
  const char* names[] = {"decoder alone", "files", "pack jpeg", "pack raw", "cache"};
  std::vector<std::vector<double>> seconds(std::size(names));
  for (int round = 0; round < options.rounds; ++round) {
    if (observer.should_stop()) throw failed("stopped while measuring");
    seconds[0].push_back(decoder.seconds());
    seconds[1].push_back(files.seconds());
    seconds[2].push_back(jpeg.seconds());
    seconds[3].push_back(raw.seconds());
    seconds[4].push_back(cache.seconds());
    observer.progress({"measure", static_cast<std::uint64_t>(round) + 1,
                       static_cast<std::uint64_t>(options.rounds), "rounds", ""});
  }
  const auto ratio = [&](std::size_t way, std::size_t to) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < seconds[way].size(); ++round)
      ratios.push_back(seconds[to][round] / seconds[way][round]);
    return median(ratios);
  };
  for (std::size_t way = 0; way < seconds.size(); ++way) {
    result.rates.push_back(
        {names[way], static_cast<double>(result.frames) / median(seconds[way]), ratio(way, 0)});
  }
  result.pack_of_files = ratio(2, 1);
  return result;
}

}  // namespace ferv::data
