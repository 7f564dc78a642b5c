// SPDX-License-Identifier: Apache-2.0
// Still faces from disk to batches: decode, cut, resize, flip and tint, on threads of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ferv/data/face_set.h"

namespace ferv::data {

/// One batch. Reused by the loader: valid until the next call of next() or the loader's end.
struct FaceBatch {
  std::vector<std::uint8_t> pixels;    ///< [B, H, W, 3], C order
  std::vector<std::int64_t> labels;    ///< [B], as in FaceSet
  std::vector<std::size_t> positions;  ///< [B], positions in FaceSet::faces
  std::size_t number = 0;              ///< of this batch in its epoch, counted from 0
  [[nodiscard]] std::size_t size() const { return labels.size(); }
};

/// What training does to a picture. Zeroes, and ones for zoom and stretch, leave it as it is.
struct FaceAugmentation {
  double zoom_max = 1.2;          ///< the cut is up to this factor smaller or larger, log-uniform
  double shift_max = 0.08;        ///< and moved by up to this share of itself, both ways
  double stretch_max = 1.1;       ///< width by height, log-uniform in [1/max, max]
  double flip_probability = 0.5;  ///< left-right
  double brightness_max = 0.2;    ///< added, as a share of the range
  double contrast_max = 0.2;      ///< differences from middle grey grow or shrink by up to this share
  double grey_probability = 0.1;  ///< colours go; at 1 from pictures that are not trained on, too
};

struct FaceLoaderOptions {
  int size_px = 112;
  double crop = 1.0;      ///< central share of the picture's shorter side that is used, a square
  bool training = false;  ///< shuffle and augment; else the order given, every picture as it is
  FaceAugmentation augmentation;
  std::size_t batch_size = 64;
  bool drop_last = false;
  std::uint64_t seed = 0;
  int threads = 0;  ///< decoding threads, 0 = all cores this process may use
  std::size_t prefetch_batches = 2;
  std::string bad_data = "fail";  ///< "fail" or "skip" (the batch gets smaller)
};

/// Iterates over chosen faces. What a batch holds depends only on (seed, epoch, options, faces), never on the
/// thread count. Not thread-safe.
class FaceLoader {
 public:
  /// `set` must outlive the loader. Throws kInvalidArgument for options out of range.
  FaceLoader(const FaceSet& set, std::vector<std::size_t> positions, FaceLoaderOptions options);
  ~FaceLoader();

  /// Begins an epoch at batch `first_batch` (for a resume in mid-epoch).
  void start_epoch(std::uint64_t epoch, std::size_t first_batch = 0);
  /// The next batch, or nullptr at the end of the epoch. Throws kNotFound, kCorruptData under "fail".
  [[nodiscard]] const FaceBatch* next();

  [[nodiscard]] std::size_t batches_per_epoch() const;
  /// Seconds that next() has waited for decoding since the epoch started.
  [[nodiscard]] double wait_s() const;
  /// Why pictures could not be used since the epoch started, in order.
  [[nodiscard]] const std::vector<std::string>& bad_faces() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::data
