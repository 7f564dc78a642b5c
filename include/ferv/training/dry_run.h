// SPDX-License-Identifier: Apache-2.0
// A training rehearsed: what it would cost in memory and time, before anything is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/training/options.h"

namespace ferv::training {

/// Bytes that training keeps. Counted, but for the layer outputs, which are an estimate.
struct TrainingMemory {
  std::int64_t weights = 0;    ///< parameters and buffers
  std::int64_t gradients = 0;  ///< of what learns in the first epoch
  std::int64_t optimizer = 0;  ///< momentum and the like
  std::int64_t average = 0;    ///< of the weights, with ema_decay
  /// Of one batch: the outputs of all layers with parameters, which the backward pass needs; 4 bytes a value,
  /// 2 under bf16. Pools, sums and what libraries take for their work come on top.
  std::int64_t layer_outputs = 0;
  std::int64_t input = 0;  ///< batches in the loader as bytes, and one as floats

  [[nodiscard]] std::int64_t total() const {
    return weights + gradients + optimizer + average + layer_outputs + input;
  }
};

struct DryRun {
  std::string model;
  std::string clip_spec;  ///< "16x112x112"
  std::string precision;
  int threads = 0;
  std::int64_t parameter_count = 0;
  std::int64_t learning_count = 0;  ///< parameters that learn in the first epoch
  std::int64_t mac_count =
      0;  ///< multiply-accumulates of one clip forward; a training step takes about 3 times
  TrainingMemory memory;
  std::uint64_t peak_process_bytes = 0;  ///< measured: resident memory of this process at its highest

  std::size_t training_clips = 0;
  std::size_t selection_clips = 0;
  std::size_t test_clips = 0;
  std::string selection_split;  ///< "val" or "test"
  std::int64_t batches_per_epoch = 0;
  std::int64_t steps_per_epoch = 0;  ///< of the optimiser

  // Measured here and now, after a warm-up, on pixels of noise.
  std::size_t timed_batches = 0;
  double batch_s = 0;             ///< forward, backward and step; median
  double evaluation_batch_s = 0;  ///< forward alone; median
  double model_clips_per_s = 0;   ///< training
  double loader_clips_per_s = 0;  ///< decoding real clips while the model rests

  /// Model and loader share the cores, so that their times add up: this is an epoch with its validation on an
  /// idle machine; less where decoding fits in beside the model.
  double epoch_s = 0;
  double run_s = 0;  ///< all epochs and the tests at the end
};

/// Does everything that train() does before its first epoch, then a few batches. Writes nothing. Throws as
/// train(), and kFailed when asked to stop.
[[nodiscard]] DryRun dry_run(const TrainOptions& options, const Observer& observer);

}  // namespace ferv::training
