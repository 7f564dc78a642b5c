// SPDX-License-Identifier: Apache-2.0
// ferv zoo: the table of models, one model's structure, fresh weights, logits of given inputs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/base/npy.h"
#include "ferv/models/summary.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/training/model_files.h"

namespace ferv::app {
namespace {

constexpr const char* kNotes =
    "Published figures: README of FERV39k (CVPR 2022), WAR/UAR in %, best epoch chosen on test; parameters "
    "with the decimals cut off.\n"
    "17M, 124M (ResNet18, ResNet50) and 132M (R18-LSTM) are most likely misprints of that README: the "
    "textbook networks have 11.2M and\n"
    "23.5M, and 132M reads as 13.2M with the point lost. Digits shown as XX are masked by the data set's "
    "authors.\n"
    "The structure of LSTM and two-stream rows is a reconstruction whose parameter count agrees with the "
    "published one (misprints\n"
    "aside); the paper does not give it.\n";

std::string with_separators(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string pretrained_of(const models::ModelCard& card) {
  return card.pretrained.empty() ? "-" : card.pretrained;
}

std::string list_text() {
  std::string text = fmt::format("{:<18} {:<16} {:<10} {:<12} {:<13} {:<9} {:>14}\n", "id", "model",
                                 "backbone", "pre-trained", "WAR/UAR (pub)", "params(pub)", "params");
  for (const models::ModelCard& card : models::zoo()) {
    text += fmt::format("{:<18} {:<16} {:<10} {:<12} {:<13} {:<11} {:>12}\n", card.id, card.name,
                        card.backbone, pretrained_of(card), card.published_war_uar, card.published_params,
                        with_separators(card.parameter_count));
  }
  return text + "\n" + kNotes;
}

std::string list_markdown() {
  std::string text =
      "| id | model | backbone | pre-trained | WAR/UAR published | params published | params "
      "|\n|---|---|---|---|---|---|---|\n";
  for (const models::ModelCard& card : models::zoo()) {
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", card.id, card.name, card.backbone,
                        pretrained_of(card), card.published_war_uar, card.published_params,
                        with_separators(card.parameter_count));
  }
  return text + "\n" + kNotes;
}

nlohmann::ordered_json to_json(const models::ModelCard& card) {
  return {{"id", card.id},
          {"name", card.name},
          {"backbone", card.backbone},
          {"pretrained", card.pretrained},
          {"published_war_uar", card.published_war_uar},
          {"published_params", card.published_params},
          {"parameter_count", card.parameter_count},
          {"architecture", card.architecture.empty() ? card.id : card.architecture},
          {"starts_from", card.starts_from},
          {"stream_count", card.stream_count()},
          {"streams", card.streams},
          {"is_reconstructed", card.is_reconstructed},
          {"frame_order_matters", card.frame_order_matters},
          {"input", to_string(card.spec)},
          {"summary", card.summary}};
}

std::string list_json() {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const models::ModelCard& card : models::zoo()) rows.push_back(to_json(card));
  return rows.dump(2) + "\n";
}

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
};

void add_list(CLI::App& zoo) {
  const auto format = std::make_shared<std::pair<bool, bool>>(false, false);
  CLI::App* command = zoo.add_subcommand("list", "The table of all rows, published and own figures");
  CLI::Option* json = command->add_flag("--json", format->first, "for machines");
  command->add_flag("--markdown", format->second, "as the README has it")->excludes(json);
  command->footer("Example: ferv zoo list --json");
  command->callback([format] {
    print(format->first ? list_json() : format->second ? list_markdown() : list_text());
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
      ->check(CLI::NonNegativeNumber);
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
  command->footer("Example: ferv zoo logits --weights w.safetensors --input x.npy --out l.npy");
  command->callback([arguments] {
    nn::configure_runtime({});
    std::vector<NpyArray> streams = {read_npy(arguments->input)};
    if (!arguments->input2.empty()) streams.push_back(read_npy(arguments->input2));
    write_npy(arguments->out, training::logits_of({.weights = arguments->weights,
                                                   .model = arguments->model,
                                                   .precision = nn::precision_from_name(arguments->precision),
                                                   .gradients = arguments->gradients},
                                                  streams));
    print(fmt::format("written: {}\n", arguments->out));
  });
}

}  // namespace

void add_zoo(CLI::App& parent, Context&) {
  CLI::App* zoo = parent.add_subcommand("zoo", "List and show the models; fresh weights and logits");
  zoo->require_subcommand(1);
  zoo->footer("Example: ferv zoo list");
  add_list(*zoo);
  add_show(*zoo);
  add_init(*zoo);
  add_logits(*zoo);
}

}  // namespace ferv::app
