// SPDX-License-Identifier: Apache-2.0
// From the settings of a run to those of the loader that feeds it.
#pragma once

#include <cstddef>

#include "ferv/base/clip_spec.h"
#include "ferv/data/batch_loader.h"
#include "ferv/nn/communicator.h"
#include "ferv/training/options.h"

namespace ferv::training {

[[nodiscard]] data::SamplingOptions sampling_of(const TrainOptions& options);

[[nodiscard]] ClipSpec spec_of(const TrainOptions& options);

/// Of training batches from `clip_count` clips; this rank's part of each.
[[nodiscard]] data::LoaderOptions loader_options(const TrainOptions& options, std::size_t clip_count,
                                                 const nn::Communicator& communicator);

}  // namespace ferv::training
