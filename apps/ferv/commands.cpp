// SPDX-License-Identifier: Apache-2.0
// The one table of commands. `ferv` serves the light ones itself; the heavy ones, which load LibTorch, libav and
// dlib, live in `ferv-full`, and `ferv` hands over to it.
#include "command.h"

namespace ferv::app {

void add_completion(CLI::App& parent, Context& context);
void add_doctor(CLI::App& parent, Context& context);

#if FERV_PROGRAM_FULL
#define FERV_HEAVY(add) add
#else
#define FERV_HEAVY(add) nullptr
#endif

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"doctor", "Show versions, processor features, BLAS, threads, GPU: what will be fast and what won't", FERV_HEAVY(add_doctor)},
      {"completion", "Print the completion script of a shell", FERV_HEAVY(add_completion)},
  };
  return kCommands;
}

#undef FERV_HEAVY

}  // namespace ferv::app
