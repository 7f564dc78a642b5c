// SPDX-License-Identifier: Apache-2.0
// ferv export: weights in another format.
#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "ferv/training/model_files.h"

namespace ferv::app {
namespace {

struct ExportArguments {
  std::string weights;
  std::string format;
  std::string out;
  bool half = false;
};

}  // namespace

void add_export(CLI::App& parent, Context&) {
  const auto arguments = std::make_shared<ExportArguments>();
  CLI::App* command =
      parent.add_subcommand("export", "Write weights in another format: safetensors, or .pth for PyTorch");
  command->add_option("--weights", arguments->weights, "safetensors or .pth file")->required();
  command->add_option("--format", arguments->format, "safetensors or pth")
      ->required()
      ->check(CLI::IsMember({"safetensors", "pth"}));
  command->add_option("--out", arguments->out, "file to write")->required();
  command->add_flag("--half", arguments->half, "float16: half the size");
  command->footer(
      "Example: ferv export --weights runs/r18_lstm/weights/best.safetensors --format pth --out "
      "r18_lstm.pth");
  command->callback([arguments] {
    const auto format =
        arguments->format == "pth" ? training::WeightsFormat::kPth : training::WeightsFormat::kSafetensors;
    training::convert_weights(arguments->weights, arguments->out, format, arguments->half);
    print(fmt::format("written: {}\n", arguments->out));
  });
}

}  // namespace ferv::app
