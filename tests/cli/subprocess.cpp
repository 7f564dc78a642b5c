// SPDX-License-Identifier: Apache-2.0
#include "subprocess.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::test {
namespace {

/// Far above what any line takes: it ends what hangs, it holds no speed.
constexpr int kHungAfter_s = 600;
constexpr int kTimedOut = 124;

}  // namespace

CommandResult run_shell(const std::string& line) {
  const TemporaryFolder folder;
  const std::string script = "PATH='" FERV_PROGRAM_FOLDER "':$PATH\n" + line + "\n";
  write_file_atomically(folder / "script", std::string_view(script));
  // With what is left of it: `timeout` signals the whole process group, then kills it.
  const std::string command = "timeout --kill-after=10 " + std::to_string(kHungAfter_s) + " bash '" +
                              (folder / "script").string() + "' >'" + (folder / "out").string() + "' 2>'" +
                              (folder / "err").string() + "' </dev/null";
  const int status = std::system(command.c_str());
  CommandResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = read_text_file(folder / "out");
  result.errors = read_text_file(folder / "err");
  if (result.exit_code == kTimedOut)
    ADD_FAILURE() << "does not end:\n"
                  << line << "\nstdout:\n"
                  << result.output << "\nstderr:\n"
                  << result.errors;
  return result;
}

}  // namespace ferv::test
