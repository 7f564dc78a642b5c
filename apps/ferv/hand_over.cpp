// SPDX-License-Identifier: Apache-2.0
#include "hand_over.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "ferv/base/error.h"

namespace ferv::app {

const Command* command_of(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("-")) continue;
    for (const Command& command : commands()) {
      if (argument == command.name) return &command;
    }
    return nullptr;
  }
  return nullptr;
}

bool needs_full_program(const Command& command, int argc, char** argv) {
  if (command.add == nullptr) return true;
  if (FERV_PROGRAM_FULL != 0) return false;
  const auto& words = command.full_only_words;
  return std::any_of(argv, argv + argc, [&](std::string_view argument) {
    const std::string_view word = argument.substr(0, argument.find('='));
    return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
  });
}

void hand_over_to_full_program(char** argv) {
  // Threads that wait for each other spin this many times before they sleep. The default, a hundred times
  // more, makes training 15 times slower when another program wants one of two cores; this costs nothing when
  // none does (docs/decisions/0009). OpenMP reads it once, before main(), so it is set here.
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) ::setenv("GOMP_SPINCOUNT", "3000", /*overwrite=*/0);
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const std::filesystem::path candidates[] = {folder / "ferv-full",
                                              folder.parent_path() / "libexec/ferv/ferv-full"};
  for (const auto& path : candidates) {
    if (!std::filesystem::exists(path)) continue;
    ::execv(path.c_str(), argv);
    throw io_error(path, "cannot start", errno);
  }
  throw not_found(candidates[0], "the program that serves this command");
}

}  // namespace ferv::app
