// SPDX-License-Identifier: Apache-2.0
// How many threads a rank takes where nobody says it.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ferv/base/parallel.h"
#include "ferv/nn/communicator.h"

namespace ferv::nn {
namespace {

/// The machine and which of its processors this process may use.
std::string own_processors() {
  char host[256] = "";
  (void)::gethostname(host, sizeof host - 1);
  std::string text = host;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return text;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (CPU_ISSET(processor, &set)) text += "," + std::to_string(processor);
  }
  return text;
}

}  // namespace

int threads_for_rank(nn::Communicator& communicator) {
  if (communicator.is_alone()) return available_cores();
  const std::string own = own_processors();
  const std::vector<std::string> all = communicator.gather(own);
  const auto sharing = static_cast<int>(std::count(all.begin(), all.end(), own));
  std::vector<double> threads{static_cast<double>(std::max(1, available_cores() / sharing))};
  communicator.broadcast(threads);
  return static_cast<int>(threads[0]);
}

}  // namespace ferv::nn
