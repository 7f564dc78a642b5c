// SPDX-License-Identifier: Apache-2.0
// Trains a row of the zoo on a data set: run folder, validation, exact resume, test figures at the end.
#pragma once

#include <filesystem>
#include <optional>

#include "ferv/base/progress.h"
#include "ferv/evaluation/results.h"
#include "ferv/training/options.h"

namespace ferv::nn {
class Communicator;
}

namespace ferv::training {

/// What a run came to. Without `stopped` everything is on disk in the run folder.
struct TrainOutcome {
  bool stopped = false;  ///< asked to stop; a checkpoint was written
  std::int64_t epochs_done = 0;
  std::int64_t best_epoch = 0;    ///< counted from 1
  evaluation::Results test_best;  ///< test split, weights of the best epoch
  evaluation::Results test_last;  ///< test split, weights of the last epoch
};

/// Starts a run in `run`, which must be new or empty. Everything is checked before anything is written.
/// Throws as the data and model rooms do; kFailed for a loss that is not finite (the last checkpoint stays).
[[nodiscard]] TrainOutcome train(const TrainOptions& options, const std::filesystem::path& run,
                                 const Observer& observer);

/// The same by all ranks of a job together, each with its part of every batch: `batch_size` is that of all.
/// Rank 0 alone writes; facts of the outcome's results are rank 0's too. Ranks whose data or settings differ
/// throw kIncompatible; when one rank throws, so do the others (kFailed, naming it).
[[nodiscard]] TrainOutcome train(const TrainOptions& options, const std::filesystem::path& run,
                                 const Observer& observer, nn::Communicator& communicator);

/// Goes on with a run from its newest usable checkpoint, or from the start when it has none. On the CPU the
/// weights come out bit for bit as if it had never stopped. Throws kIncompatible when the data set has
/// changed.
[[nodiscard]] TrainOutcome resume(const std::filesystem::path& run, const Observer& observer);

/// resume() where `run` was begun, train() where it was not: what a command that does several runs asks for.
[[nodiscard]] TrainOutcome train_or_resume(const TrainOptions& options, const std::filesystem::path& run,
                                           const Observer& observer);

/// The same by all ranks of a job together; every rank must be able to read the run's config.toml. Bit for
/// bit with as many ranks as before; with another number, the same run up to rounding and to what random
/// numbers of dropout are drawn.
[[nodiscard]] TrainOutcome resume(const std::filesystem::path& run, const Observer& observer,
                                  nn::Communicator& communicator);

}  // namespace ferv::training
