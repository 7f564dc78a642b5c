// SPDX-License-Identifier: Apache-2.0
#include "pretrain_data.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "ferv/base/error.h"
#include "loss.h"

namespace ferv::training {
namespace {

/// Numbers the classes that are trained on from 0.
void number_outputs(PretrainData& data) {
  data.outputs.assign(data.set.classes.size(), -1);
  if (data.is_expression) {
    for (std::size_t k = 0; k < data.outputs.size(); ++k) data.outputs[k] = static_cast<std::int64_t>(k);
    data.output_count = static_cast<int>(data.outputs.size());
    return;
  }
  for (const std::size_t position : data.split.training) {
    std::int64_t& output = data.outputs[static_cast<std::size_t>(data.set.faces[position].label)];
    if (output < 0) output = data.output_count++;
  }
}

/// Pictures of each class that are trained on.
std::vector<double> training_counts(const PretrainData& data) {
  std::vector<double> counts(data.set.classes.size(), 0.0);
  for (const std::size_t position : data.split.training)
    counts[static_cast<std::size_t>(data.set.faces[position].label)] += 1.0;
  return counts;
}

void warn_of_damage(const data::FaceSet& set, const Observer& observer) {
  if (set.damaged_count == 0) return;
  constexpr std::size_t kShown = 3;
  std::string text = fmt::format("{} damaged lines are left out", set.damaged_count);
  for (std::size_t i = 0; i < std::min(kShown, set.damaged.size()); ++i) text += "; " + set.damaged[i];
  observer.warn(text);
}

}  // namespace

torch::Tensor PretrainData::training_labels(const std::vector<std::int64_t>& labels) const {
  torch::Tensor result = torch::empty({static_cast<std::int64_t>(labels.size())}, torch::kInt64);
  auto* values = result.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < labels.size(); ++i) values[i] = outputs[static_cast<std::size_t>(labels[i])];
  return result;
}

PretrainData read_pretrain_data(const PretrainOptions& options, const Observer& observer) {
  PretrainData data;
  data.set = data::read_face_set(options.data);
  warn_of_damage(data.set, observer);
  data.is_expression =
      options.task == "auto" ? data::has_expression_classes(data.set) : options.task == "expression";
  const auto seed = static_cast<std::uint64_t>(options.seed);
  if (data.is_expression) {
    if (options.head == "margin")
      throw invalid_argument("head is 'margin', wanted softmax: expressions are trained as a row of the zoo");
    data::use_expression_classes(data.set);
    data.split = data::split_expressions(data.set, options.held_out_fraction, seed);
  } else {
    if (options.class_weights != "none")
      throw invalid_argument("class_weights is '" + options.class_weights + "', wanted none for identities");
    if (options.logit_adjustment != 0) {
      throw invalid_argument(
          fmt::format("logit_adjustment is {}, wanted 0 for identities", options.logit_adjustment));
    }
    if (options.answer_shift != 0) {
      throw invalid_argument(
          fmt::format("answer_shift is {}, wanted 0 for identities", options.answer_shift));
    }
    if (options.test_crops != 1)
      throw invalid_argument(fmt::format("test_crops is {}, wanted 1 for identities", options.test_crops));
    if (options.head == "margin" && options.mixup_alpha > 0) {
      throw invalid_argument(fmt::format(
          "mixup_alpha is {} with the margin head, wanted 0: its margin belongs to one true class",
          options.mixup_alpha));
    }
    data.split = data::split_identities(
        data.set, {.fraction = options.held_out_fraction, .faces_min = options.faces_min, .seed = seed});
  }
  if (data.split.training.size() < 2 || data.split.held_out.empty()) {
    throw corrupt_data(options.data,
                       fmt::format("{} pictures to train on and {} held out, wanted 2 and 1 or more",
                                   data.split.training.size(), data.split.held_out.size()));
  }
  data.fingerprint = data::fingerprint(data.set);
  number_outputs(data);
  return data;
}

ClipSpec spec_of(const PretrainOptions& options) {
  return {.frame_count = 1, .height_px = options.size, .width_px = options.size};
}

data::FaceLoaderOptions loader_options(const PretrainOptions& options, std::size_t face_count) {
  data::FaceLoaderOptions loader;
  loader.size_px = options.size;
  loader.crop = options.crop;
  loader.training = true;
  loader.augmentation = {.zoom_max = options.zoom_max,
                         .shift_max = options.shift_max,
                         .stretch_max = options.stretch_max,
                         .flip_probability = options.flip_probability,
                         .brightness_max = options.brightness_max,
                         .contrast_max = options.contrast_max,
                         .grey_probability = options.grey_probability};
  loader.batch_size = static_cast<std::size_t>(options.batch_size);
  // A ragged last batch costs oneDNN new primitives and gives few pictures a full step.
  loader.drop_last = face_count >= loader.batch_size;
  loader.seed = static_cast<std::uint64_t>(options.seed);
  loader.threads = options.loader_threads;
  loader.bad_data = options.bad_data;
  return loader;
}

LossOptions loss_options(const PretrainOptions& options, const PretrainData& data) {
  LossOptions loss{.label_smoothing = options.label_smoothing};
  if (options.class_weights == "none" && options.logit_adjustment == 0) return loss;
  const std::vector<double> counts = training_counts(data);
  if (options.class_weights != "none") {
    const torch::Tensor weights = balanced_weights(counts);
    loss.class_weights = (options.class_weights == "sqrt" ? weights.sqrt() : weights).to(torch::kFloat32);
  }
  if (options.logit_adjustment > 0)
    loss.logit_offsets = prior_offsets(counts, options.logit_adjustment).to(torch::kFloat32);
  return loss;
}

torch::Tensor answer_offsets(const PretrainOptions& options, const PretrainData& data) {
  if (options.answer_shift == 0) return {};
  return prior_offsets(training_counts(data), -options.answer_shift);
}

std::vector<FacePair> held_out_pairs(const PretrainOptions& options, const PretrainData& data) {
  std::vector<std::int64_t> labels;
  for (const std::size_t position : data.split.held_out) labels.push_back(data.set.faces[position].label);
  return make_face_pairs(labels, static_cast<std::size_t>(options.pair_count),
                         static_cast<std::uint64_t>(options.seed));
}

}  // namespace ferv::training
