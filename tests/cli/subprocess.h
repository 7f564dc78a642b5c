// SPDX-License-Identifier: Apache-2.0
// Runs the built `ferv` as a user would and keeps what it said.
#pragma once

#include <string>

namespace ferv::test {

struct CommandResult {
  int exit_code = 0;
  std::string output;  ///< stdout
  std::string errors;  ///< stderr
};

/// Runs a shell line in which `ferv` is the program under test; working folder is the caller's.
CommandResult run_shell(const std::string& line);

}  // namespace ferv::test
