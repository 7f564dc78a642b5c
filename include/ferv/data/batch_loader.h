// SPDX-License-Identifier: Apache-2.0
// Clips from disk to batches: decode, crop, resize and flip in one pass, straight into the batch's memory.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "ferv/base/clip_spec.h"
#include "ferv/data/augmentation.h"
#include "ferv/data/clip_index.h"
#include "ferv/data/sampling.h"
#include "ferv/data/streams.h"

namespace ferv::data {

/// One batch. Reused by the loader: valid until the next call of next() or the loader's end.
struct Batch {
  /// One a stream of LoaderOptions::streams, in that order: [B, T, H, W, 3], C order. All streams of a clip
  /// show the same frames with the same augmentation.
  std::vector<std::pmr::vector<std::uint8_t>> streams;
  std::vector<std::int64_t> labels;    ///< [B]
  std::vector<std::size_t> positions;  ///< [B], positions in ClipIndex::clips
  std::size_t number = 0;              ///< of this batch in its epoch, counted from 0
  [[nodiscard]] std::size_t size() const { return labels.size(); }
  /// The first stream: all there is for models of one stream.
  [[nodiscard]] const std::pmr::vector<std::uint8_t>& pixels() const { return streams.front(); }
};

struct LoaderOptions {
  ClipSpec spec;
  SamplingOptions sampling;
  bool training = false;  ///< shuffle, random frames, augmentation; else list order and test frames
  AugmentationOptions augmentation;  ///< used in training only
  int test_crop = 0;                 ///< in tests only: which of test_crop_count crops (test_views.h)
  int test_crop_count = 1;
  /// In training: every class equally often in an epoch, clips of rare classes repeated.
  bool class_balanced = false;
  std::size_t batch_size = 32;
  bool drop_last = false;
  std::uint64_t seed = 0;
  int threads = 0;  ///< decoding threads, 0 = all cores this process may use
  std::size_t prefetch_batches = 2;
  /// Decoded frames kept in memory from epoch to epoch, at the size of the source, up to so many bytes.
  /// Changes speed, never a batch.
  std::size_t cache_bytes = 0;
  /// What the pixels of batches lie in, or null for ordinary memory. Used by the decoding threads; must
  /// outlive the loader. For a GPU: nn::memory_for_copies_to().
  std::pmr::memory_resource* memory = nullptr;
  std::string bad_data = "fail";  ///< "fail", "skip" (the batch gets smaller) or "substitute" (another clip)
  /// Under "skip" and "substitute": the largest share of an epoch's clips that may be bad before next()
  /// throws.
  double bad_share_max = 0.1;
  std::vector<Stream> streams = {Stream::kFace};  ///< what each input of the model shows, in order
  /// Each batch is cut into `count` parts that lie one behind the other and differ by one clip at most,
  /// longer ones first; this loader reads part `index`. Loaders with the same options and all indices read
  /// every clip of an epoch once. `batch_size` and `positions` are those of the whole.
  struct Share {
    std::size_t index = 0;
    std::size_t count = 1;
  } share = {};
};

/// A clip that could not be used.
struct BadClip {
  std::size_t position = 0;               ///< in ClipIndex::clips
  std::string reason;                     ///< with the path of the frame or folder
  std::size_t batch = 0;                  ///< of its epoch, the one that should have held it
  std::optional<std::size_t> substitute;  ///< position of the clip that stands in its place
  friend bool operator==(const BadClip&, const BadClip&) = default;
};

/// Iterates over chosen clips of an index. What a batch holds depends only on (seed, epoch, options, clips),
/// never on the thread count. Not thread-safe.
class BatchLoader {
 public:
  /// `index` must outlive the loader. `positions`: which clips, e.g. clips_of(index, Split::kTrain).
  /// Throws kInvalidArgument for options that do not fit together, kNotFound when the folder of a stream is
  /// missing.
  BatchLoader(const ClipIndex& index, std::vector<std::size_t> positions, LoaderOptions options);
  ~BatchLoader();

  /// Begins an epoch. For a resume in mid-epoch: at batch `first_batch`, with `bad_before` bad clips counted
  /// already in the batches before it, so that the cap on bad clips holds for the whole epoch.
  void start_epoch(std::uint64_t epoch, std::size_t first_batch = 0, std::size_t bad_before = 0);
  /// The next batch, or nullptr at the end of the epoch. A batch in which no clip is left is passed over, but
  /// given out empty by the loader of a share, as loaders of other shares may hold clips of it. Throws
  /// kNotFound or kCorruptData under "fail", and kCorruptData when more clips of the epoch are bad than
  /// LoaderOptions::bad_share_max allows.
  [[nodiscard]] const Batch* next();

  [[nodiscard]] std::size_t batches_per_epoch() const;
  /// Seconds that next() has waited for decoding since the epoch started.
  [[nodiscard]] double wait_s() const;
  /// Clips that could not be used since start_epoch(), in the order of the batches given out: the same
  /// whatever the thread count, and for the same batches after a resume.
  [[nodiscard]] std::vector<BadClip> bad_clips() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::data
