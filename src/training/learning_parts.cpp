// SPDX-License-Identifier: Apache-2.0
#include "learning_parts.h"

#include <torch/torch.h>

#include <algorithm>
#include <set>

#include "ferv/base/error.h"
#include "ferv/models/parts.h"

namespace ferv::training {
namespace {

using models::Part;

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + ",") {
    if (c != ',') {
      if (c != ' ') word += c;
      continue;
    }
    if (!word.empty()) words.push_back(word);
    word.clear();
  }
  return words;
}

/// A part's name, or the beginning of a parameter's name that ends at a dot.
bool is_named_by(const std::string& parameter, const std::string& word) {
  return word == models::to_string(models::part_of(parameter)) ||
         (parameter.starts_with(word) && (parameter.size() == word.size() || parameter[word.size()] == '.'));
}

std::string choices(const torch::nn::Module& module) {
  std::string text = "backbone, recurrent, head";
  for (const auto& child : module.named_children()) {
    text += ", " + child.key();
    for (const auto& grandchild : child.value()->named_children())
      text += ", " + child.key() + "." + grandchild.key();
  }
  return text;
}

}  // namespace

LearningParts::LearningParts(const TrainOptions& options, torch::nn::Module& module)
    : options_(options), module_(module), frozen_words_(words_of(options.freeze)) {
  const auto parameters = module.named_parameters();
  for (const std::string& word : frozen_words_) {
    const bool names_something = std::any_of(parameters.begin(), parameters.end(),
                                             [&](const auto& item) { return is_named_by(item.key(), word); });
    if (!names_something) {
      throw invalid_argument("freeze names '" + word + "', wanted a part of " + options.model + ": " +
                             choices(module));
    }
  }
  const bool something_learns = std::any_of(parameters.begin(), parameters.end(), [&](const auto& item) {
    return learns(item.key(), options.epochs - 1);
  });
  if (!something_learns)
    throw invalid_argument("freeze is '" + options.freeze + "': nothing of " + options.model +
                           " is left to learn");
}

std::vector<double> LearningParts::rate_factors() const {
  std::vector<double> factors;
  for (const auto& item : module_.named_parameters()) {
    switch (models::part_of(item.key())) {
      case Part::kBackbone:
        factors.push_back(options_.backbone_rate_factor);
        break;
      case Part::kRecurrent:
        factors.push_back(options_.recurrent_rate_factor);
        break;
      case Part::kHead:
        factors.push_back(options_.head_rate_factor);
        break;
    }
  }
  return factors;
}

void LearningParts::begin_epoch(std::int64_t epoch) const {
  for (const auto& item : module_.named_modules("", /*include_self=*/true)) {
    const auto own = item.value()->named_parameters(/*recurse=*/false);
    bool layer_learns = own.is_empty();
    for (const auto& parameter : own) {
      const std::string name = item.key().empty() ? parameter.key() : item.key() + "." + parameter.key();
      const bool parameter_learns = learns(name, epoch);
      torch::Tensor(parameter.value()).set_requires_grad(parameter_learns);
      layer_learns = layer_learns || parameter_learns;
    }
    // A container's eval() would reach its children: only a layer with parameters of its own is switched.
    if (!layer_learns) item.value()->eval();
  }
}

bool LearningParts::learns(const std::string& name, std::int64_t epoch) const {
  const Part part = models::part_of(name);
  if (epoch < options_.head_warmup_epochs && part == Part::kBackbone) return false;
  const bool freeze_is_over = options_.freeze_epochs > 0 && epoch >= options_.freeze_epochs;
  if (freeze_is_over) return true;
  return std::none_of(frozen_words_.begin(), frozen_words_.end(),
                      [&](const std::string& word) { return is_named_by(name, word); });
}

}  // namespace ferv::training
