// SPDX-License-Identifier: Apache-2.0
#include "zoo_documents.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "ferv/models/summary.h"
#include "own_results.h"

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
    "aside); the paper does not give it.\n"
    "Own figures: WAR/UAR in % with 95 % intervals on the test split of a small *synthetic* data set "
    "(docs/zoo_benchmark), so they\n"
    "cannot be compared with the published ones, which are of FERV39k's real clips. For them, rows "
    "pre-trained on "
    "MS-Celeb-1M or\n"
    "DFEW began on *rendered* faces and clips in those sets' layouts.\n";

std::string pretrained_of(const models::ModelCard& card) {
  return card.pretrained.empty() ? "-" : card.pretrained;
}

bool published_count_is_misprint(const models::ModelCard& card) {
  return card.published_params == "17M" || card.published_params == "124M" || card.published_params == "132M";
}

nlohmann::ordered_json to_json(const models::ModelCard& card) {
  nlohmann::ordered_json json = {{"id", card.id},
                                 {"name", card.name},
                                 {"backbone", card.backbone},
                                 {"pretrained", card.pretrained},
                                 {"published_war_uar", card.published_war_uar},
                                 {"published_params", card.published_params},
                                 {"published_params_is_misprint", published_count_is_misprint(card)},
                                 {"parameter_count", card.parameter_count},
                                 {"architecture", card.architecture.empty() ? card.id : card.architecture},
                                 {"starts_from", card.starts_from},
                                 {"stream_count", card.stream_count()},
                                 {"streams", card.streams},
                                 {"is_reconstructed", card.is_reconstructed},
                                 {"frame_order_matters", card.frame_order_matters},
                                 {"input", to_string(card.spec)},
                                 {"summary", card.summary}};
  if (const auto own = own_result(card.id)) {
    json["own_synthetic"] = {{"war", own->war}, {"war_low", own->war_low}, {"war_high", own->war_high},
                             {"uar", own->uar}, {"uar_low", own->uar_low}, {"uar_high", own->uar_high}};
  }
  return json;
}

std::string structure_section(const models::ModelCard& card) {
  std::string text = "## Structure\n\n" + card.summary + ".\n\n";
  if (card.is_reconstructed) {
    text +=
        "**Reconstructed.** The paper does not give this structure. It is one whose parameter count agrees "
        "with "
        "the published one";
    text += published_count_is_misprint(card) ? ", read as 13.2M with the point lost.\n\n" : ".\n\n";
  } else if (published_count_is_misprint(card)) {
    text +=
        "The published count is most likely a misprint: the textbook network has the count given here.\n\n";
  }
  text += card.frame_order_matters
              ? "The order of the frames matters.\n\n"
              : "Frames are seen one by one and averaged: their order does not matter.\n\n";
  return text;
}

std::string training_section(const models::ModelCard& card) {
  std::string text = "## Training it\n\n";
  if (card.stream_count() > 1) {
    text += fmt::format(
        "Streams: {}. The release has the un-cropped scene frames under `3_ClipsforScenImages`; where they "
        "are "
        "absent give other\nsources, e.g. `--set streams=face,diff` (difference of neighbouring frames).\n\n",
        fmt::join(card.streams, " and "));
  }
  text += "```\n";
  if (card.pretrained == "MS-Celeb-1M") {
    text += fmt::format("ferv pretrain --backbone {} --data FACES --run runs/faces\n",
                        card.backbone == "ResNet50" ? "resnet50" : "resnet18");
    text += fmt::format(
        "ferv train --config recipes/{}.toml --init-from runs/faces/weights/best.safetensors --data FERV39k "
        "--run "
        "runs/{}\n",
        card.id, card.id);
  } else if (card.pretrained == "DFEW") {
    text +=
        fmt::format("ferv train --config recipes/{}.toml --data DFEW --run runs/dfew\n", card.architecture);
    text += fmt::format(
        "ferv train --config recipes/{}.toml --init-from runs/dfew/weights/best.safetensors --data FERV39k "
        "--run runs/{}\n",
        card.id, card.id);
  } else {
    text +=
        fmt::format("ferv train --config recipes/{}.toml --data FERV39k --run runs/{}\n", card.id, card.id);
  }
  text += "```\n\n";
  if (!card.starts_from.empty()) text += "It starts from " + card.starts_from + ".\n\n";
  return text;
}

constexpr const char* kWhatItIsNot =
    "## What it is not\n\n"
    "FERV39k is web video, labelled by how faces *look* to annotators, for non-commercial research only; "
    "weights trained on it\n"
    "inherit that. About 40-50 % of its clips are told right by the best published models, Fear and Disgust "
    "hardly at all. An\n"
    "expression is not an emotion: decide nothing about a person with this. In the European Union inferring "
    "emotions at work and in\n"
    "education is prohibited except for medical or safety reasons (AI Act, Article 5(1)(f)); other laws "
    "apply "
    "elsewhere.\n";

}  // namespace

std::string with_separators(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string zoo_as_text() {
  std::string text =
      fmt::format("{:<18} {:<16} {:<10} {:<12} {:<14} {:<11} {:>12}  {}\n", "id", "model", "backbone",
                  "pre-trained", "WAR/UAR (pub)", "params(pub)", "params", "own WAR / UAR, synthetic");
  for (const models::ModelCard& card : models::zoo()) {
    text += fmt::format("{:<18} {:<16} {:<10} {:<12} {:<14} {:<11} {:>12}  {}\n", card.id, card.name,
                        card.backbone, pretrained_of(card), card.published_war_uar, card.published_params,
                        with_separators(card.parameter_count), own_war_uar(card.id));
  }
  return text + "\n" + kNotes;
}

std::string zoo_as_markdown() {
  std::string text =
      "| id | model | backbone | pre-trained | WAR/UAR published | params published | params | own WAR / "
      "UAR, "
      "synthetic |\n|---|---|---|---|---|---|---|---|\n";
  for (const models::ModelCard& card : models::zoo()) {
    text += fmt::format("| [`{0}`](docs/cards/{0}.md) | {1} | {2} | {3} | {4} | {5} | {6} | {7} |\n", card.id,
                        card.name, card.backbone, pretrained_of(card), card.published_war_uar,
                        card.published_params, with_separators(card.parameter_count), own_war_uar(card.id));
  }
  return text + "\n" + kNotes;
}

std::string zoo_as_json() {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const models::ModelCard& card : models::zoo()) rows.push_back(to_json(card));
  return rows.dump(2) + "\n";
}

std::string card_as_markdown(const models::ModelCard& card) {
  const models::ModelSummary summary = models::summarise(card.id, {.class_count = 7, .spec = card.spec});
  std::string text = fmt::format("# {} (`{}`)\n\n", card.name, card.id);
  text += "Made by `ferv zoo cards` from the table in `src/models/zoo.cpp`.\n\n";
  text += "| | |\n|---|---|\n";
  text += fmt::format("| backbone | {} |\n| pre-trained on | {} |\n", card.backbone, pretrained_of(card));
  text += fmt::format("| input | {} RGB, stream{} {} |\n", to_string(card.spec),
                      card.stream_count() > 1 ? "s" : "", fmt::join(card.streams, " and "));
  text += fmt::format("| parameters, 7 classes | {} ({} published) |\n",
                      with_separators(card.parameter_count), card.published_params);
  text += fmt::format(
      "| one clip forward | {:.2f} GMAC; training keeps {:.0f} MB of layer outputs in fp32 |\n",
      static_cast<double>(summary.mac_count) * 1e-9, static_cast<double>(summary.activation_bytes) * 1e-6);
  text += fmt::format("| published WAR/UAR on FERV39k | {} (best epoch chosen on test) |\n",
                      card.published_war_uar);
  text += fmt::format("| own WAR / UAR on synthetic clips | {} |\n\n", own_war_uar(card.id));
  return text + structure_section(card) + training_section(card) + kWhatItIsNot;
}

}  // namespace ferv::app
