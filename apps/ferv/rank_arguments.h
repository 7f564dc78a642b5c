// SPDX-License-Identifier: Apache-2.0
// The options of commands that several processes may run together: torchrun, mpirun or srun starts them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "ferv/base/progress.h"
#include "ferv/nn/communicator.h"

namespace ferv::app {

struct RankArguments {
  std::string master;
  double timeout_s = 600;
};

/// --master and --rank-timeout. `arguments` must outlive the command.
void add_rank_options(CLI::App& command, RankArguments& arguments);

/// Which process of the job this one is.
[[nodiscard]] nn::RankEnvironment environment_of(const RankArguments& arguments);

/// What rank 0 gets of `observer`: everything. The others are silent, and stop when asked to.
[[nodiscard]] Observer observer_of_rank(const Observer& observer, const nn::Communicator& communicator);

}  // namespace ferv::app
