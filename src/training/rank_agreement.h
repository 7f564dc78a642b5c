// SPDX-License-Identifier: Apache-2.0
// What the ranks of a training have to be of one mind about.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checkpoint.h"
#include "ferv/data/batch_loader.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/nn/communicator.h"
#include "ferv/training/options.h"

namespace ferv::training {

/// Throws kInvalidArgument when the batches are too small for so many ranks, or when a setting cannot work
/// with more than one.
void require_room_for_ranks(const TrainOptions& options, std::size_t clip_count,
                            const nn::Communicator& communicator);

/// Throws kIncompatible, naming ranks and fact, when a rank has other data or settings than rank 0.
void require_same_facts(nn::Communicator& communicator, const Facts& facts);

struct StepDecision {
  bool stop = false;  ///< any rank was asked to stop
  bool save = false;  ///< rank 0 finds that a checkpoint is due
};

/// The same decision on every rank. With one process: `own`.
[[nodiscard]] StepDecision decide_together(nn::Communicator& communicator, const StepDecision& own);

/// Why clips could not be used, from the `logged`th of this loader on and from those of all ranks; `logged`
/// moves on.
[[nodiscard]] std::vector<std::string> new_bad_clips(nn::Communicator& communicator,
                                                     const data::BatchLoader& loader, std::size_t& logged);

/// Throws kCorruptData when more than `bad_share_max` of an epoch of `clip_count` clips is bad. The loader
/// itself does so with one process; the loader of a share does not know of the others' bad clips.
void enforce_bad_share(const TrainOptions& options, std::int64_t bad_count, std::size_t clip_count);

/// Rank 0's progress for all.
void share_progress(nn::Communicator& communicator, Progress& progress,
                    evaluation::ConfusionMatrix& confusion);

}  // namespace ferv::training
