// SPDX-License-Identifier: Apache-2.0
// ferv report: one offline HTML page about a run or a result file.
#include "ferv/evaluation/report.h"

#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "ferv/base/files.h"

namespace ferv::app {

void add_report(CLI::App& parent, Context&) {
  struct Arguments {
    std::string input;
    std::string out;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = parent.add_subcommand("report", "One offline HTML report of a run or a result file");
  command->add_option("input", arguments->input, "run folder or result file")->required();
  command->add_option("--out", arguments->out, "HTML file to write")->required();
  command->footer("Example: ferv report runs/r18_lstm --out report.html");
  command->callback([arguments] {
    write_file_atomically(arguments->out,
                          evaluation::render_report(evaluation::read_report_input(arguments->input)));
    print(fmt::format("written: {}\n", arguments->out));
  });
}

}  // namespace ferv::app
