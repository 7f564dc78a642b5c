// SPDX-License-Identifier: Apache-2.0
#include "subprocess.h"

#include <sys/wait.h>

#include <cstdlib>

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::test {

CommandResult run_shell(const std::string& line) {
  const TemporaryFolder folder;
  const std::string script = "PATH='" FERV_PROGRAM_FOLDER "':$PATH\n" + line + "\n";
  write_file_atomically(folder / "script", std::string_view(script));
  const std::string command = "bash '" + (folder / "script").string() + "' >'" + (folder / "out").string() +
                              "' 2>'" + (folder / "err").string() + "' </dev/null";
  const int status = std::system(command.c_str());
  CommandResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = read_text_file(folder / "out");
  result.errors = read_text_file(folder / "err");
  return result;
}

}  // namespace ferv::test
