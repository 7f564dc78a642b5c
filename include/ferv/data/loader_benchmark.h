// SPDX-License-Identifier: Apache-2.0
// How fast the loader is, beside the decoder alone: ratios within one run, over the same frames.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/batch_loader.h"
#include "ferv/data/clip_index.h"

namespace ferv::data {

struct LoaderBenchmarkOptions {
  LoaderOptions loader;           ///< as in training; streams must be face alone
  std::size_t clip_count = 256;   ///< of the training split, from its beginning
  int rounds = 3;                 ///< all ways take turns; the median counts
  std::filesystem::path scratch;  ///< folder for packs, made and removed
};

/// One way of loading. Rates count frames that were decoded or copied, not those that repeat the one before.
struct LoaderRate {
  std::string name;         ///< "decoder alone", "files", "pack jpeg", "pack raw", "cache"
  double frames_per_s = 0;  ///< median over rounds
  double of_decoder = 0;    ///< median over rounds of the ratio to "decoder alone" in the same round
};

struct LoaderBenchmark {
  std::size_t clips = 0;
  std::size_t frames = 0;  ///< an epoch
  int threads = 0;
  std::vector<LoaderRate> rates;
  double pack_of_files = 0;        ///< "pack jpeg" over "files", median over rounds
  std::uint64_t memory_bytes = 0;  ///< growth of the process's memory while loading from files
};

/// Measures wall time. "decoder alone" is libjpeg-turbo on the same frames, already in memory, on as many
/// threads. Throws kNotFound when `index` is not of files in folders or has no training clips, kFailed when
/// asked to stop, and what the loader throws.
[[nodiscard]] LoaderBenchmark benchmark_loader(const ClipIndex& index, const LoaderBenchmarkOptions& options,
                                               const Observer& observer);

}  // namespace ferv::data
