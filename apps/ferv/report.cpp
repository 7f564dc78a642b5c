// SPDX-License-Identifier: Apache-2.0
// ferv report: one offline HTML page about a run or a result file.
#include "ferv/evaluation/report.h"

#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"

namespace ferv::app {

void add_report(CLI::App& parent, Context&) {
  struct Arguments {
    std::string input;
    std::string out;
    std::string data;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = parent.add_subcommand("report", "One offline HTML report of a run or a result file");
  command->add_option("input", arguments->input, "run folder or result file")->required();
  command->add_option("--out", arguments->out, "HTML file to write")->required();
  command->add_option("--data", arguments->data, "data set that the clips lie in, for playable thumbnails");
  command->footer("Example: ferv report runs/r18_lstm --out report.html");
  command->callback([arguments] {
    evaluation::ReportInput input = evaluation::read_report_input(arguments->input);
    if (!arguments->data.empty()) {
      if (!std::filesystem::is_directory(arguments->data))
        throw not_found(arguments->data, "the data set of the clips");
      input.data = arguments->data;
    }
    write_file_atomically(arguments->out, evaluation::render_report(input));
    print(fmt::format("written: {}\n", arguments->out));
  });
}

}  // namespace ferv::app
