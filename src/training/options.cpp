// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/options.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <variant>

#include "ferv/base/error.h"
#include "ferv/base/files.h"

namespace ferv::training {
namespace {

using Member = std::variant<int TrainOptions::*, double TrainOptions::*, bool TrainOptions::*,
                            std::string TrainOptions::*>;

/// A row of the table. `words` lists the allowed values of a text, separated by '|'; empty allows any.
struct Setting {
  const char* name;
  Member member;
  double low;
  double high;
  const char* words;
  const char* meaning;
};

using O = TrainOptions;
constexpr double kAny = 1e9;

const std::vector<Setting>& table() {
  static const std::vector<Setting> kTable = {
      {"data", &O::data, 0, 0, "", "folder of the data set, or a pack or tar of one"},
      {"model", &O::model, 0, 0, "", "row of `ferv zoo list`"},
      {"protocol", &O::protocol, 0, 0, "clean|published",
       "clean: best epoch on held-out training clips; published: on the test split, as the literature does"},
      {"layout", &O::layout, 0, 0, "", "of the data set: ferv39k, dfew, ...; auto recognises it"},
      {"fold", &O::fold, 0, 1000, "", "of data sets with folds, counted from 1; its part is the test split"},
      {"clips", &O::clips, 0, 0, "full|16f", "of DFEW: whole clips, or those interpolated to 16 frames"},
      {"setup", &O::setup, 0, 0, "", "all, a scenario (DL11k, WIS9k, SIA10k, AI9k) or a scene"},
      {"select_by", &O::select_by, 0, 0, "war|uar", "metric that chooses the best epoch"},
      {"validation_fraction", &O::validation_fraction, 0.0, 0.5, "",
       "share of the training clips held out under the clean protocol, in every cell of scene and class"},
      {"frames", &O::frames, 1, 1024, "", "T, frames a clip"},
      {"height", &O::height, 16, 4096, "", "H, pixels"},
      {"width", &O::width, 16, 4096, "", "W, pixels"},
      {"segments", &O::segments, 1, 1024, "", "segments a clip is cut into"},
      {"frames_per_segment", &O::frames_per_segment, 1, 1024, "",
       "consecutive frames from each segment; segments x this = frames"},
      {"sampling", &O::sampling, 0, 0, "segments|padded|spread|dense",
       "segments: Former-DFER's formula; padded: short clips repeat their last frame (DFER-CLIP); spread: "
       "over "
       "the whole clip (M3DFEL); dense: consecutive frames (MAE-DFER)"},
      {"streams", &O::streams, 0, 0, "",
       "what each input shows, separated by commas: face, scene, diff, flow; empty = as the row's card says"},
      {"random_crop", &O::random_crop, 0, 1, "", "random sized crop, the same for all frames of a clip"},
      {"crop_area_min", &O::crop_area_min, 0.01, 1.0, "",
       "smallest share of the picture's area that is kept"},
      {"crop_ratio_max", &O::crop_ratio_max, 1.0, 4.0, "",
       "largest aspect ratio of the crop, and its inverse the smallest"},
      {"flip_probability", &O::flip_probability, 0.0, 1.0, "",
       "probability of flipping the whole clip left-right"},
      {"rotation_degrees", &O::rotation_degrees, 0.0, 180.0, "",
       "the clip turns by up to so much, either way"},
      {"brightness", &O::brightness, 0.0, 1.0, "", "colours times a factor in [1 - x, 1 + x]"},
      {"contrast", &O::contrast, 0.0, 1.0, "", "distance from mid grey times a factor in [1 - x, 1 + x]"},
      {"saturation", &O::saturation, 0.0, 1.0, "", "distance from luma times a factor in [1 - x, 1 + x]"},
      {"hue", &O::hue, 0.0, 0.5, "", "colour circle turned by up to this share, either way"},
      {"grey_probability", &O::grey_probability, 0.0, 1.0, "",
       "probability of taking the clip's colours away"},
      {"erase_probability", &O::erase_probability, 0.0, 1.0, "",
       "probability of greying a rectangle, the same in all frames"},
      {"erase_area_max", &O::erase_area_max, 0.02, 1.0, "", "largest share of the frame that is erased"},
      {"temporal_jitter", &O::temporal_jitter, 0, 1000, "",
       "each sampled frame moves by up to so many frames"},
      {"epochs", &O::epochs, 1, 100000, "", "passes over the training clips"},
      {"batch_size", &O::batch_size, 1, 4096, "", "B, clips a step"},
      {"optimizer", &O::optimizer, 0, 0, "sgd|adamw",
       "SGD with momentum, or AdamW (Loshchilov and Hutter 2019)"},
      {"learning_rate", &O::learning_rate, 0.0, 100.0, "", "at its highest"},
      {"momentum", &O::momentum, 0.0, 0.9999, "", "of SGD"},
      {"weight_decay", &O::weight_decay, 0.0, 10.0, "", "added to the gradient by SGD, decoupled in AdamW"},
      {"schedule", &O::schedule, 0, 0, "step|cosine|constant", "how the learning rate falls"},
      {"step_epochs", &O::step_epochs, 1, 100000, "", "epochs between two falls of the step schedule"},
      {"step_factor", &O::step_factor, 0.0, 1.0, "", "factor of each fall"},
      {"warmup_epochs", &O::warmup_epochs, 0.0, 1000.0, "",
       "epochs of linear rise from zero before the schedule"},
      {"label_smoothing", &O::label_smoothing, 0.0, 0.9, "",
       "share of the target spread evenly over the classes"},
      {"class_weights", &O::class_weights, 0, 0, "none|balanced",
       "balanced: the loss weighs a class by the inverse of its clips"},
      {"gradient_clip_norm", &O::gradient_clip_norm, 0.0, 1e6, "",
       "gradients are scaled down to this norm; 0 = never"},
      {"freeze", &O::freeze, 0, 0, "",
       "what does not learn, separated by commas: backbone, recurrent, head, or names such as "
       "backbone.layer1"},
      {"freeze_epochs", &O::freeze_epochs, 0, 100000, "",
       "epochs after which all of it learns after all; 0 = never"},
      {"head_warmup_epochs", &O::head_warmup_epochs, 0, 100000, "",
       "first epochs in which the backbone waits until the new head has learnt"},
      {"backbone_rate_factor", &O::backbone_rate_factor, 0.0, 1000.0, "",
       "share of the learning rate for the backbone"},
      {"recurrent_rate_factor", &O::recurrent_rate_factor, 0.0, 1000.0, "",
       "share of the learning rate for the LSTM"},
      {"head_rate_factor", &O::head_rate_factor, 0.0, 1000.0, "", "share of the learning rate for the head"},
      {"seed", &O::seed, 0, kAny, "", "of weights, order, frames and augmentation"},
      {"precision", &O::precision, 0, 0, "auto|fp32|bf16",
       "auto: bf16 where the processor multiplies it in hardware"},
      {"threads", &O::threads, 0, 4096, "", "for the model; 0 = all cores this process may use"},
      {"loader_threads", &O::loader_threads, 0, 4096, "", "for decoding; 0 = as many as for the model"},
      {"bad_data", &O::bad_data, 0, 0, "fail|skip|substitute", "what to do about a clip that cannot be read"},
      {"checkpoint_minutes", &O::checkpoint_minutes, 0.0, 1e6, "",
       "time between checkpoints within an epoch; there is one after every epoch too"},
      {"checkpoints_kept", &O::checkpoints_kept, 1, 1000, "", "newest checkpoints kept"},
      {"init_from", &O::init_from, 0, 0, "", "weights file to start from; empty = fresh weights"},
  };
  return kTable;
}

const Setting& find(std::string_view name) {
  std::vector<std::string> names;
  for (const Setting& setting : table()) {
    if (name == setting.name) return setting;
    names.emplace_back(setting.name);
  }
  const std::string near = nearest_word(name, names);
  throw invalid_argument("unknown setting '" + std::string(name) + "'" +
                         (near.empty() ? "" : ", did you mean '" + near + "'?"));
}

std::string allowed_text(const Setting& setting) {
  if (std::holds_alternative<bool O::*>(setting.member)) return "true|false";
  if (std::holds_alternative<std::string O::*>(setting.member))
    return *setting.words != '\0' ? setting.words : "text";
  return setting.high >= kAny ? fmt::format("{} or more", setting.low)
                              : fmt::format("{} to {}", setting.low, setting.high);
}

Error wrong_value(const Setting& setting, const std::string& value) {
  return invalid_argument(
      fmt::format("setting {} is '{}', wanted {}", setting.name, value, allowed_text(setting)));
}

template <typename Number>
Number parse_number(const Setting& setting, const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto as_double = static_cast<double>(value);
  if (error != std::errc() || end != text.data() + text.size() ||
      !(as_double >= setting.low && as_double <= setting.high)) {
    throw wrong_value(setting, text);
  }
  return value;
}

bool is_word_of(std::string_view words, std::string_view value) {
  while (!words.empty()) {
    const std::size_t bar = std::min(words.find('|'), words.size());
    if (words.substr(0, bar) == value) return true;
    words.remove_prefix(std::min(bar + 1, words.size()));
  }
  return false;
}

std::string value_text(const TrainOptions& options, const Setting& setting) {
  if (const auto* member = std::get_if<int O::*>(&setting.member)) return std::to_string(options.*(*member));
  if (const auto* member = std::get_if<bool O::*>(&setting.member))
    return options.*(*member) ? "true" : "false";
  if (const auto* member = std::get_if<double O::*>(&setting.member))
    return fmt::format("{}", options.*(*member));
  return options.*std::get<std::string O::*>(setting.member);
}

/// The text of a TOML value, as apply_setting() takes it.
std::string text_of(const toml::node& node) {
  if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
  if (const auto value = node.value_exact<double>()) return fmt::format("{}", *value);
  if (const auto value = node.value_exact<bool>()) return *value ? "true" : "false";
  if (const auto value = node.value_exact<std::string>()) return *value;
  throw invalid_argument("wanted a number, true, false or a text");
}

}  // namespace

std::vector<SettingDescription> settings() {
  std::vector<SettingDescription> descriptions;
  for (const Setting& setting : table()) {
    descriptions.push_back(
        {setting.name, value_text(TrainOptions(), setting), allowed_text(setting), setting.meaning});
  }
  return descriptions;
}

void apply_setting(TrainOptions& options, std::string_view name, const std::string& value) {
  const Setting& setting = find(name);
  if (const auto* member = std::get_if<int O::*>(&setting.member)) {
    options.*(*member) = parse_number<int>(setting, value);
  } else if (const auto* real = std::get_if<double O::*>(&setting.member)) {
    options.*(*real) = parse_number<double>(setting, value);
  } else if (const auto* flag = std::get_if<bool O::*>(&setting.member)) {
    if (value != "true" && value != "false") throw wrong_value(setting, value);
    options.*(*flag) = value == "true";
  } else {
    if (*setting.words != '\0' && !is_word_of(setting.words, value)) throw wrong_value(setting, value);
    options.*std::get<std::string O::*>(setting.member) = value;
  }
}

void apply_config_file(TrainOptions& options, const std::filesystem::path& path) {
  const std::string text = read_text_file(path, 1 << 20);
  toml::table parsed;
  try {
    parsed = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw corrupt_data(path.string() + ":" + std::to_string(error.source().begin.line),
                       "not valid TOML: " + std::string(error.description()));
  }
  for (const auto& [key, node] : parsed) {
    try {
      apply_setting(options, key.str(), text_of(node));
    } catch (const Error& error) {
      throw invalid_argument(path.string() + ":" + std::to_string(node.source().begin.line) + ": " +
                             error.what());
    }
  }
}

void validate(const TrainOptions& options) {
  if (options.segments * options.frames_per_segment != options.frames) {
    throw invalid_argument(fmt::format("segments x frames_per_segment is {} x {}, wanted frames = {}",
                                       options.segments, options.frames_per_segment, options.frames));
  }
  if (options.protocol == "clean" && options.validation_fraction <= 0.0) {
    throw invalid_argument(
        "validation_fraction is 0, the clean protocol wants more; use protocol = \"published\" to select on "
        "test");
  }
}

std::string to_toml(const TrainOptions& options) {
  std::string text = "# Every setting of this run: `ferv train --config` of this file repeats it.\n";
  for (const Setting& setting : table()) {
    std::string value = value_text(options, setting);
    if (std::holds_alternative<std::string O::*>(setting.member)) {
      std::string quoted;
      for (const char c : value) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
      value = "\"" + quoted + "\"";
    }
    text +=
        fmt::format("\n# {} ({})\n{} = {}\n", setting.meaning, allowed_text(setting), setting.name, value);
  }
  return text;
}

}  // namespace ferv::training
