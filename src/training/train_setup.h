// SPDX-License-Identifier: Apache-2.0
// What a training and its rehearsal (dry_run.h) make of the options in the same way.
#pragma once

#include <torch/types.h>

#include "ferv/base/progress.h"
#include "ferv/data/clip_index.h"
#include "ferv/nn/communicator.h"
#include "ferv/training/options.h"

namespace ferv::training {

/// The options with numbers that depend on the machine filled in, for each of the ranks.
[[nodiscard]] TrainOptions resolved(TrainOptions options, nn::Communicator& communicator);

/// Where this rank computes. Throws kUnsupported for a GPU that is not seen.
[[nodiscard]] torch::Device device_of_rank(const TrainOptions& options, const nn::Communicator& communicator);

/// The options with paths that hold wherever the run goes on.
[[nodiscard]] TrainOptions with_absolute_paths(TrainOptions options);

/// Throws kInvalidArgument for a pre-trained row without weights to start from.
void require_starting_weights(const TrainOptions& options);

/// The data set with the splits of the protocol.
[[nodiscard]] data::ClipIndex read_data(const TrainOptions& options, const Observer& observer);

}  // namespace ferv::training
