// SPDX-License-Identifier: Apache-2.0
#include "rank_arguments.h"

namespace ferv::app {

void add_rank_options(CLI::App& command, RankArguments& arguments) {
  command.add_option("--master", arguments.master,
                     "HOST:PORT of rank 0, where neither launcher nor MASTER_ADDR and MASTER_PORT tell");
  command
      .add_option("--rank-timeout", arguments.timeout_s,
                  "seconds that processes of a job wait for each other before they give up")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 1e6));
}

nn::RankEnvironment environment_of(const RankArguments& arguments) {
  return nn::rank_environment(nn::process_environment(), arguments.master);
}

Observer observer_of_rank(const Observer& observer, const nn::Communicator& communicator) {
  if (communicator.is_first()) return observer;
  Observer silent;
  silent.stop_requested = observer.stop_requested;
  return silent;
}

}  // namespace ferv::app
