// SPDX-License-Identifier: Apache-2.0
// ferv data flow: optical flow of the face crops, computed once for models with a flow stream.
#include <fmt/format.h>

#include <memory>

#include "data_commands.h"
#include "ferv/data/ferv39k.h"
#include "ferv/data/optical_flow.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct FlowArguments {
  std::string folder;
  data::FlowOptions options;
};

void run_flow(const FlowArguments& arguments, Context& context) {
  const data::ClipIndex index =
      data::read_ferv39k(arguments.folder, {.setup = "all", .threads = arguments.options.threads});
  const data::FlowSummary summary = data::write_optical_flow(index, arguments.options, context.observer);
  for (const data::BadClip& bad : summary.bad) print(fmt::format("bad clip {}\n", bad.reason));
  const std::size_t done = summary.clips_written + summary.clips_kept;
  if (!summary.complete) {
    print(fmt::format("stopped after {} of {} clips; the same command goes on\n", done, index.clips.size()));
    context.exit_code = kExitStopped;
    return;
  }
  print(fmt::format("optical flow of {} clips ({} computed now, {} bad)\n", done, summary.clips_written,
                    summary.bad.size()));
  if (!summary.bad.empty()) context.exit_code = kExitCorrupt;
}

}  // namespace

void add_data_flow(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<FlowArguments>();
  CLI::App* command = parent.add_subcommand("flow", kDataFlowSummary);
  command->add_option("folder", arguments->folder, "a FERV39k release, or a folder that holds one")
      ->required();
  command
      ->add_option("--scale", arguments->options.scale,
                   "grey levels a pixel of motion; 8 holds 16 pixels either way")
      ->capture_default_str();
  command->add_option("--quality", arguments->options.jpeg_quality, "JPEG quality of the stored pictures")
      ->capture_default_str();
  add_threads_option(*command, arguments->options.threads);
  command->footer("Example: ferv data flow FERV39k");
  command->callback([arguments, &context] { run_flow(*arguments, context); });
}

}  // namespace ferv::app
