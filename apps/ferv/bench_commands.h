// SPDX-License-Identifier: Apache-2.0
// The parts of `ferv bench` that have a file of their own.
#pragma once

#include "command.h"

namespace ferv::app {

inline constexpr const char* kBenchTrainSummary =
    "Clips a second of training, beside the same convolutions and products alone";

inline constexpr const char* kBenchInferSummary =
    "Time of a clip, and of a film's windows clip by clip and with every frame looked at once";

/// Only in `ferv-full`: they load LibTorch. `ferv` lists them and hands over.
void add_bench_train(CLI::App& parent, Context& context);
void add_bench_infer(CLI::App& parent, Context& context);

}  // namespace ferv::app
