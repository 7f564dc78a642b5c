// SPDX-License-Identifier: Apache-2.0
// ferv zoo: the table of models, one model's structure, fresh weights, logits of given inputs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/npy.h"
#include "ferv/models/summary.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/training/model_files.h"
#include "zoo_benchmark.h"
#include "zoo_documents.h"

namespace ferv::app {
namespace {

std::string layers_text(const models::ModelSummary& summary) {
  std::string text = fmt::format("{:<32} {:<11} {:<24} {:>12} {:>16}\n", "layer", "kind",
                                 "output of one clip", "parameters", "MACs");
  for (const models::LayerSummary& layer : summary.layers) {
    text += fmt::format("{:<32} {:<11} {:<24} {:>12} {:>16}\n", layer.name, layer.kind,
                        fmt::format("{}", fmt::join(layer.output_shape, "x")),
                        with_separators(layer.parameter_count), with_separators(layer.mac_count));
  }
  return text + "\n";
}

std::string show_text(const std::string& id, bool with_layers) {
  const models::ModelCard& card = models::card(id);
  std::string text = fmt::format(
      "{} ({})\n{}{}\ninput {} RGB, {}; frame order {}\npublished WAR/UAR {}, {} parameters\n", card.name,
      card.id, card.summary, card.is_reconstructed ? " (reconstructed)" : "", to_string(card.spec),
      fmt::join(card.streams, " and "), card.frame_order_matters ? "matters" : "does not matter",
      card.published_war_uar, card.published_params);
  if (!card.starts_from.empty()) text += fmt::format("starts from {}\n", card.starts_from);
  text += "\n";
  const auto model = models::make_model(id, {.class_count = 7, .spec = card.spec}, 0);
  const models::ModelSummary summary = models::summarise(*model);
  if (with_layers) text += layers_text(summary);
  for (const training::ParameterGroup& group : training::parameter_groups(*model)) {
    text += fmt::format("{:<24} {:>4} tensors {:>14} parameters\n", group.name, group.tensor_count,
                        with_separators(group.parameter_count));
  }
  return text +
         fmt::format("{:<24} {:>12} {:>14} parameters, {:.1f} MB in fp32\n", "total", "",
                     with_separators(summary.parameter_count),
                     static_cast<double>(summary.parameter_count) * 4e-6) +
         fmt::format(
             "one clip forward: {:.2f} GMAC; outputs of all layers, which training keeps: {:.1f} MB in "
             "fp32\n",
             static_cast<double>(summary.mac_count) * 1e-9,
             static_cast<double>(summary.activation_bytes) * 1e-6);
}

struct LogitsArguments {
  std::string weights;
  std::string model;
  std::string input;
  std::string input2;
  std::string out;
  std::string gradients;
  std::string precision = "fp32";
  bool gradients_in_float64 = false;
};

void add_list(CLI::App& zoo) {
  const auto format = std::make_shared<std::pair<bool, bool>>(false, false);
  CLI::App* command = zoo.add_subcommand("list", "The table of all rows, published and own figures");
  CLI::Option* json = command->add_flag("--json", format->first, "for machines");
  command->add_flag("--markdown", format->second, "as the README has it")->excludes(json);
  command->footer("Example: ferv zoo list --json");
  command->callback([format] {
    print(format->first ? zoo_as_json() : format->second ? zoo_as_markdown() : zoo_as_text());
  });
}

void add_show(CLI::App& zoo) {
  struct Arguments {
    std::string id;
    bool layers = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = zoo.add_subcommand("show", "One row: structure, parameters by part, cost of a clip");
  command->add_option("id", arguments->id, "row of `ferv zoo list`")->required();
  command->add_flag("--layers", arguments->layers, "every layer with its output, parameters and cost");
  command->footer("Example: ferv zoo show r18_lstm --layers");
  command->callback([arguments] {
    nn::configure_runtime({});
    print(show_text(arguments->id, arguments->layers));
  });
}

void add_cards(CLI::App& zoo) {
  const auto folder = std::make_shared<std::string>();
  CLI::App* command = zoo.add_subcommand("cards", "Write a model card a row, as docs/cards has them");
  command->add_option("--out", *folder, "folder for <id>.md")->required();
  command->footer("Example: ferv zoo cards --out docs/cards");
  command->callback([folder] {
    nn::configure_runtime({});
    for (const models::ModelCard& card : models::zoo()) {
      write_file_atomically(std::filesystem::path(*folder) / (card.id + ".md"), card_as_markdown(card));
    }
    print(fmt::format("written: {} cards in {}\n", models::zoo().size(), *folder));
  });
}

void add_init(CLI::App& zoo) {
  struct Arguments {
    std::string id;
    std::string out;
    int seed = 0;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = zoo.add_subcommand("init", "Write fresh weights, initialised as torchvision does");
  command->add_option("id", arguments->id, "row of `ferv zoo list`")->required();
  command->add_option("--seed", arguments->seed, "same seed, same weights")
      ->capture_default_str()
      ->check(CLI::Range(0, kLargestSeed));
  command->add_option("--out", arguments->out, "safetensors file to write")->required();
  command->footer("Example: ferv zoo init r18_lstm --seed 1 --out r18_lstm.safetensors");
  command->callback([arguments] {
    training::write_fresh_weights(arguments->id, static_cast<std::uint64_t>(arguments->seed), arguments->out);
    print(fmt::format("written: {}\n", arguments->out));
  });
}

void add_logits(CLI::App& zoo) {
  const auto arguments = std::make_shared<LogitsArguments>();
  CLI::App* command =
      zoo.add_subcommand("logits", "Logits of inputs given as .npy: float32 [B, C, T, H, W], normalised");
  command->add_option("--weights", arguments->weights, "safetensors file")->required();
  command->add_option("--model", arguments->model, "row that the weights must be of");
  command->add_option("--input", arguments->input, ".npy of the first stream")->required();
  command->add_option("--input2", arguments->input2, ".npy of the second stream, for two-stream rows");
  command->add_option("--out", arguments->out, ".npy to write: float32 [B, K]")->required();
  command->add_option("--gradients", arguments->gradients,
                      "safetensors to write as well: gradients of the mean cross-entropy against the first "
                      "class, with dropout off, and running statistics after the step");
  command->add_option("--precision", arguments->precision, "auto, fp32 or bf16")->capture_default_str();
  command->add_flag(
      "--gradients-in-fp64", arguments->gradients_in_float64,
      "compute the gradients in float64, where rounding puts no activation on the other side of a ReLU");
  command->footer("Example: ferv zoo logits --weights w.safetensors --input x.npy --out l.npy");
  command->callback([arguments] {
    nn::configure_runtime({});
    std::vector<std::filesystem::path> inputs = {arguments->input};
    if (!arguments->input2.empty()) inputs.emplace_back(arguments->input2);
    write_npy(arguments->out, training::logits_of({.weights = arguments->weights,
                                                   .inputs = inputs,
                                                   .model = arguments->model,
                                                   .precision = nn::precision_from_name(arguments->precision),
                                                   .gradients = arguments->gradients,
                                                   .gradients_in_float64 = arguments->gradients_in_float64}));
    print(fmt::format("written: {}\n", arguments->out));
  });
}

}  // namespace

void add_zoo(CLI::App& parent, Context& context) {
  CLI::App* zoo = parent.add_subcommand("zoo", "List and show the models; fresh weights and logits");
  zoo->require_subcommand(1);
  zoo->footer("Example: ferv zoo list");
  add_list(*zoo);
  add_show(*zoo);
  add_cards(*zoo);
  add_init(*zoo);
  add_logits(*zoo);
  add_zoo_benchmark(*zoo, context);
}

}  // namespace ferv::app
