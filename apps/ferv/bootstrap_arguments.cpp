// SPDX-License-Identifier: Apache-2.0
#include "bootstrap_arguments.h"

#include "command.h"

namespace ferv::app {

void add_bootstrap_options(CLI::App& command, evaluation::BootstrapOptions& options,
                           const std::string& what_has_confidence) {
  command.add_option("--resamples", options.resample_count, "of the bootstrap")
      ->capture_default_str()
      ->check(CLI::Range(2, 1000000));
  command.add_option("--confidence", options.confidence, "of " + what_has_confidence)
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  command.add_option("--seed", options.seed, "of the bootstrap")
      ->capture_default_str()
      ->check(CLI::Range(0, kLargestSeed));
}

}  // namespace ferv::app
