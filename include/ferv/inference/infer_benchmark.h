// SPDX-License-Identifier: Apache-2.0
// How fast a row of the zoo answers on this machine: for one clip, and for windows that follow each other.
#pragma once

#include <string>

#include "ferv/base/clip_spec.h"
#include "ferv/base/progress.h"

namespace ferv::inference {

struct InferBenchmarkOptions {
  std::string model = "r18_lstm";
  int rounds = 9;               ///< clips that are timed, after two that are not
  int window_count = 48;        ///< of the film, timed after as many frames as two windows hold
  std::string device = "auto";  ///< as PredictorOptions
  std::string precision = "auto";
  int threads = 0;  ///< 0 = all cores this process may use
};

struct InferBenchmark {
  std::string model;
  ClipSpec spec;  ///< the row's own input
  std::string device;
  std::string precision;
  int threads = 0;
  double clip_ms = 0;  ///< one clip, alone in its batch; median
  /// A window at stride 1 of a film with one face, the crops at hand.
  double window_ms_clip_by_clip = 0;
  double window_ms = 0;           ///< with every frame looked at once, where the row can; else as above
  double speed_up = 1;            ///< the first of the second
  double largest_difference = 0;  ///< between the probabilities of both ways
};

/// Clips and films are noise, the weights those of a fresh row. Throws kInvalidArgument for unknown rows and
/// precisions, kUnsupported for rows of two streams, kIo, kFailed when asked to stop.
[[nodiscard]] InferBenchmark benchmark_inference(const InferBenchmarkOptions& options,
                                                 const Observer& observer);

}  // namespace ferv::inference
