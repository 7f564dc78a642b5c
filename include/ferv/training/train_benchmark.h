// SPDX-License-Identifier: Apache-2.0
// How fast a row trains on this machine, beside the convolutions and products that it cannot do without.
#pragma once

#include <cstdint>
#include <string>

#include "ferv/base/clip_spec.h"
#include "ferv/base/progress.h"

namespace ferv::training {

struct TrainBenchmarkOptions {
  std::string model = "r18_lstm";
  int batch_size = 4;
  int rounds = 5;  ///< steps that are timed, after one that is not
  std::string device = "auto";
  std::string precision = "auto";  ///< of the steps; the floor is always taken in bf16
  bool cuda_graphs = false;        ///< forward and backward pass as one CUDA graph
  int threads = 0;                 ///< 0 = all cores this process may use
};

struct TrainBenchmark {
  std::string model;
  ClipSpec spec;  ///< the row's own input
  std::string device;
  std::string precision;
  int batch_size = 0;
  int threads = 0;
  double clips_per_s = 0;  ///< forward, backward, clipping and SGD; median
  double floor_clips_per_s =
      0;                ///< of the same convolutions and products alone, forward and backward; median
  double of_floor = 0;  ///< the first of the second; median of the rounds
  std::uint64_t peak_process_bytes = 0;  ///< resident memory at its highest after the steps, before the floor
};

/// Steps on clips of noise in memory and passes of the floor take turns, so that both see the same machine.
/// Throws kInvalidArgument for unknown rows and precisions, kFailed when asked to stop.
[[nodiscard]] TrainBenchmark benchmark_training(const TrainBenchmarkOptions& options,
                                                const Observer& observer);

}  // namespace ferv::training
