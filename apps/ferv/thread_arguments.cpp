// SPDX-License-Identifier: Apache-2.0
#include "thread_arguments.h"

namespace ferv::app {

void add_threads_option(CLI::App& command, int& threads, const std::string& what) {
  constexpr int kMostThreads = 4096;
  command.add_option("--threads", threads, what + ", 0 = all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, kMostThreads));
}

}  // namespace ferv::app
