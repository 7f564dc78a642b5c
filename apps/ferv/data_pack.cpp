// SPDX-License-Identifier: Apache-2.0
// ferv data pack: a data set in one file, at training size; and as a tar, out and in.
#include <fmt/format.h>

#include <memory>

#include "data_commands.h"
#include "data_set_arguments.h"
#include "ferv/base/error.h"
#include "ferv/data/open_data_set.h"
#include "ferv/data/pack.h"
#include "ferv/data/tar_archive.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

struct PackArguments {
  std::string source;
  data::DataSetOptions data_set;
  std::string from_tar;
  std::string out;
  std::string to_tar;
  data::PackOptions options;
  bool raw = false;
  bool original = false;
  bool scene = false;
  bool flow = false;
};

void report_pack(const PackArguments& arguments, const data::PackSummary& summary, Context& context) {
  for (const data::BadClip& bad : summary.bad) print(fmt::format("bad clip {}\n", bad.reason));
  const std::size_t done = summary.clips_written + summary.clips_kept;
  if (!summary.complete) {
    print(fmt::format("{}: stopped at {} clips; the same command goes on\n", arguments.out, done));
    context.exit_code = kExitStopped;
    return;
  }
  print(fmt::format("{}: {} clips ({} packed now, {} frames, {} bad)\n", arguments.out, done,
                    summary.clips_written, summary.frames_written, summary.bad.size()));
  if (!summary.bad.empty()) context.exit_code = kExitCorrupt;
}

void run_pack(PackArguments& arguments, Context& context) {
  if (arguments.source.empty() == arguments.from_tar.empty())
    throw invalid_argument("give either a data set or --from-tar");
  if (arguments.out.empty() && arguments.to_tar.empty())
    throw invalid_argument("give --out, --to-tar or both");
  const std::string& path = arguments.from_tar.empty() ? arguments.source : arguments.from_tar;
  arguments.data_set.threads = arguments.options.threads;
  const data::ClipIndex index = data::open_data_set(path, arguments.data_set, context.observer);
  data::PackOptions& options = arguments.options;
  if (arguments.raw) options.encoding = data::PackEncoding::kRaw;
  if (arguments.original) options.encoding = data::PackEncoding::kOriginal;
  if (arguments.scene) options.streams.push_back(data::Stream::kScene);
  if (arguments.flow) options.streams.push_back(data::Stream::kFlow);
  if (!arguments.out.empty())
    report_pack(arguments, data::write_pack(index, arguments.out, options, context.observer), context);
  if (!arguments.to_tar.empty()) {
    data::write_tar(index, arguments.to_tar, options.streams, context.observer);
    print(fmt::format("{}: {} clips\n", arguments.to_tar, index.clips.size()));
  }
}

}  // namespace

void add_data_pack(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<PackArguments>();
  CLI::App* command = parent.add_subcommand(
      "pack", "Put a data set into one file at training size, or into a tar in WebDataset's manner");
  command->add_option("source", arguments->source, "a data set, a pack or a tar");
  command->add_option("--from-tar", arguments->from_tar, "the source as a tar, instead");
  command->add_option("--out", arguments->out, "pack to write; clips that one there lacks are appended");
  command->add_option("--to-tar", arguments->to_tar, "tar to write, frames as they are in the source");
  add_data_set_options(*command, arguments->data_set);
  command->add_option("--size", arguments->options.size_px, "width and height of packed frames")
      ->capture_default_str();
  command->add_option("--quality", arguments->options.jpeg_quality, "JPEG quality of packed frames")
      ->capture_default_str();
  CLI::Option* raw = command->add_flag("--raw", arguments->raw, "pixels instead of JPEG");
  command->add_flag("--original", arguments->original, "the source's JPEG files as they are")->excludes(raw);
  command->add_flag("--scene", arguments->scene, "scene frames too");
  command->add_flag("--flow", arguments->flow, "optical flow too");
  add_threads_option(*command, arguments->options.threads);
  command->footer("Example: ferv data pack FERV39k --out faces112.pack --size 112");
  command->callback([arguments, &context] { run_pack(*arguments, context); });
}

}  // namespace ferv::app
