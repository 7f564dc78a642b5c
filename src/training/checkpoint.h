// SPDX-License-Identifier: Apache-2.0
// The state of a run on disk: whole or not there, verified before it is used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "ferv/weights/named_tensors.h"
#include "loss_scale.h"

namespace ferv::training {

/// Where a run stands. Everything random is a function of (seed, step) or (seed, epoch, clip), so no
/// generator's state has to be kept.
struct Progress {
  std::int64_t epoch = 0;        ///< epochs done
  std::int64_t batch = 0;        ///< batches done of the epoch that runs
  std::int64_t step = 0;         ///< optimiser steps done
  double loss_sum = 0;           ///< over the clips of the epoch that runs
  std::int64_t clip_count = 0;   ///< of the epoch that runs
  std::int64_t bad_count = 0;    ///< clips of the epoch that runs which could not be used
  double best_metric = -1;       ///< on the selection split; -1 before the first epoch
  std::int64_t best_epoch = -1;  ///< counted from 0
  LossScaleState loss_scale;
};

struct Checkpoint {
  Progress progress;
  std::map<std::string, std::string> facts;          ///< settings and data fingerprint that must not change
  std::vector<std::vector<std::int64_t>> confusion;  ///< of the training clips of the epoch that runs
  weights::NamedTensors model;
  weights::NamedTensors optimizer;
  weights::NamedTensors average;  ///< of the weights; empty for runs that keep none
};

using Facts = std::map<std::string, std::string>;

/// What must not change between a checkpoint and a resume: the data set's fingerprint and the settings
/// (changed_settings()).
[[nodiscard]] Facts run_facts(const std::string& data_fingerprint, const std::string& settings);
/// Throws kIncompatible, naming what has changed, unless the checkpoint was made under these facts.
void require_facts(const Checkpoint& checkpoint, const Facts& wanted);

/// Writes step_<number>.safetensors and, after it, a .json with its hash; removes all but the newest `kept`.
/// Throws kIo and then leaves the older checkpoints as they were.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint, int kept);

/// The newest checkpoint whose hash is right, or nullopt. `skipped` gets a line for each newer one that was
/// not usable.
[[nodiscard]] std::optional<Checkpoint> read_newest_checkpoint(const std::filesystem::path& folder,
                                                               std::vector<std::string>& skipped);

}  // namespace ferv::training
