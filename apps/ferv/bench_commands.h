// SPDX-License-Identifier: Apache-2.0
// The parts of `ferv bench` that have a file of their own.
#pragma once

#include "command.h"

namespace ferv::app {

inline constexpr const char* kBenchTrainSummary =
    "Clips a second of training, beside the same convolutions and products alone";

/// Only in `ferv-full`: it loads LibTorch. `ferv` lists it and hands over.
void add_bench_train(CLI::App& parent, Context& context);

}  // namespace ferv::app
