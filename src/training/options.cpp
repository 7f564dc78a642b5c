// SPDX-License-Identifier: Apache-2.0
// The table of `ferv train`'s settings.
#include "ferv/training/options.h"

#include <fmt/format.h>

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/data/test_views.h"
#include "settings_table.h"

namespace ferv::training {
namespace {

using O = TrainOptions;

const SettingsTable<O>& table() {
  static const SettingsTable<O> kTable({
      {"data", &O::data, {}, "folder of the data set, or a pack or tar of one"},
      {"model", &O::model, {}, "row of `ferv zoo list`"},
      {"protocol", &O::protocol, words("clean|published"),
       "clean: best epoch on held-out training clips; published: on the test split, as the literature does"},
      {"layout", &O::layout, {}, "of the data set: ferv39k, dfew, ...; auto recognises it"},
      {"fold",
       &O::fold,
       {0, 1000},
       "of data sets with folds, counted from 1; its part is the test split; 0 = the first, or none"},
      {"clips", &O::clips, words("full|16f"), "of DFEW: whole clips, or those interpolated to 16 frames"},
      {"label_order",
       &O::label_order,
       {},
       "of lists with numbers, or of your own classes: dfew, alphabetical, neutral-last, or names with "
       "commas "
       "between"},
      {"train_list",
       &O::train_list,
       {},
       "of layout lists: a file with lines `path frames label` or `path,label`"},
      {"test_list", &O::test_list, {}, "of layout lists, the same"},
      {"setup", &O::setup, {}, "all, a scenario (DL11k, WIS9k, SIA10k, AI9k) or a scene"},
      {"select_by", &O::select_by, words("war|uar"), "metric that chooses the best epoch"},
      {"validation_fraction",
       &O::validation_fraction,
       {0.0, 0.5},
       "share of the training clips held out under the clean protocol, in every cell of scene and class"},
      {"frames", &O::frames, {1, 1024}, "T, frames a clip"},
      {"height", &O::height, {16, 4096}, "H, pixels"},
      {"width", &O::width, {16, 4096}, "W, pixels"},
      {"segments", &O::segments, {1, 1024}, "segments a clip is cut into"},
      {"frames_per_segment",
       &O::frames_per_segment,
       {1, 1024},
       "consecutive frames from each segment; segments x this = frames"},
      {"sampling", &O::sampling, words("segments|padded|spread|dense"),
       "segments: Former-DFER's formula; padded: short clips repeat their last frame (DFER-CLIP); "
       "spread: over the whole clip (M3DFEL); dense: consecutive frames (MAE-DFER)"},
      {"streams",
       &O::streams,
       {},
       "what each input shows, separated by commas: face, scene, diff, flow; empty = as the row's card says"},
      {"test_views",
       &O::test_views,
       {1, 100},
       "windows of time whose probabilities the test figures average; validation shows one"},
      {"test_crops",
       &O::test_crops,
       {1, 10},
       "parts of the picture likewise, 1, 2, 5 or 10: all of it, its mirror image too, centre and corners, "
       "their mirror images too"},
      {"random_crop", &O::random_crop, {}, "random sized crop, the same for all frames of a clip"},
      {"crop_area_min", &O::crop_area_min, {0.01, 1.0}, "smallest share of the picture's area that is kept"},
      {"crop_ratio_max",
       &O::crop_ratio_max,
       {1.0, 4.0},
       "largest aspect ratio of the crop, and its inverse the smallest"},
      {"flip_probability",
       &O::flip_probability,
       {0.0, 1.0},
       "probability of flipping the whole clip left-right"},
      {"rotation_degrees", &O::rotation_degrees, {0.0, 180.0}, "the clip turns by up to so much, either way"},
      {"brightness", &O::brightness, {0.0, 1.0}, "colours times a factor in [1 - x, 1 + x]"},
      {"contrast", &O::contrast, {0.0, 1.0}, "distance from mid grey times a factor in [1 - x, 1 + x]"},
      {"saturation", &O::saturation, {0.0, 1.0}, "distance from luma times a factor in [1 - x, 1 + x]"},
      {"hue", &O::hue, {0.0, 0.5}, "colour circle turned by up to this share, either way"},
      {"grey_probability", &O::grey_probability, {0.0, 1.0}, "probability of taking the clip's colours away"},
      {"erase_probability",
       &O::erase_probability,
       {0.0, 1.0},
       "probability of greying a rectangle, the same in all frames"},
      {"erase_area_max", &O::erase_area_max, {0.02, 1.0}, "largest share of the frame that is erased"},
      {"temporal_jitter", &O::temporal_jitter, {0, 1000}, "each sampled frame moves by up to so many frames"},
      {"epochs", &O::epochs, {1, 100000}, "passes over the training clips"},
      {"batch_size", &O::batch_size, {1, 4096}, "B, clips a step, of all processes together"},
      {"optimizer", &O::optimizer, words("sgd|adamw"),
       "SGD with momentum, or AdamW (Loshchilov and Hutter 2019)"},
      {"learning_rate", &O::learning_rate, {0.0, 100.0}, "at its peak, after the warm-up"},
      {"momentum", &O::momentum, {0.0, 0.9999}, "of SGD"},
      {"weight_decay", &O::weight_decay, {0.0, 10.0}, "added to the gradient by SGD, decoupled in AdamW"},
      {"schedule", &O::schedule, words("step|cosine|constant"), "how the learning rate falls"},
      {"step_epochs", &O::step_epochs, {1, 100000}, "epochs between two falls of the step schedule"},
      {"step_factor", &O::step_factor, {0.0, 1.0}, "factor of each fall"},
      {"warmup_epochs",
       &O::warmup_epochs,
       {0.0, 1000.0},
       "epochs of linear rise from zero before the schedule"},
      {"label_smoothing",
       &O::label_smoothing,
       {0.0, 0.9},
       "share of the target spread evenly over the classes"},
      {"class_weights", &O::class_weights, words("none|balanced"),
       "balanced: the loss weighs a class by the inverse of its clips"},
      {"focal_gamma",
       &O::focal_gamma,
       {0.0, 10.0},
       "focal loss: clips that are right already count less, by (1 - p)^gamma; 0 = cross-entropy"},
      {"class_sampling", &O::class_sampling, words("natural|balanced"),
       "balanced: an epoch holds every class equally often, rare clips repeated"},
      {"accumulate_batches", &O::accumulate_batches, {1, 4096}, "batches whose mean gradient makes one step"},
      {"sync_batch_norm",
       &O::sync_batch_norm,
       {},
       "with several processes: batch norms take their statistics over the batches of all of them"},
      {"batch_norm_momentum",
       &O::batch_norm_momentum,
       {0.0, 1.0},
       "share of a batch in the statistics that batch norms keep for evaluation; 0 = the network's own (0.1, "
       "I3D 0.01: too slow for a run of a few hundred steps)"},
      {"gradient_clip_norm",
       &O::gradient_clip_norm,
       {0.0, 1e6},
       "gradients are scaled down to this norm; 0 = never"},
      {"ema_decay",
       &O::ema_decay,
       {0.0, 0.999999},
       "of the moving average of the weights that is evaluated and written; 0 = the weights themselves"},
      {"early_stop_epochs",
       &O::early_stop_epochs,
       {0, 100000},
       "stop after so many epochs without a better selection metric; 0 = never"},
      {"unit_start",
       &O::unit_start,
       {},
       "first bring each layer's outputs to mean 0 and deviation 1 on a batch, and start the head at 0: for "
       "networks without batch norm, which learn nothing for a long time otherwise"},
      {"freeze",
       &O::freeze,
       {},
       "what does not learn, separated by commas: backbone, recurrent, head, or names such as "
       "backbone.layer1"},
      {"freeze_epochs",
       &O::freeze_epochs,
       {0, 100000},
       "epochs after which all of it learns after all; 0 = never"},
      {"head_warmup_epochs",
       &O::head_warmup_epochs,
       {0, 100000},
       "first epochs in which the backbone waits until the new head has learnt"},
      {"backbone_rate_factor",
       &O::backbone_rate_factor,
       {0.0, 1000.0},
       "share of the learning rate for the backbone"},
      {"recurrent_rate_factor",
       &O::recurrent_rate_factor,
       {0.0, 1000.0},
       "share of the learning rate for the LSTM"},
      {"head_rate_factor", &O::head_rate_factor, {0.0, 1000.0}, "share of the learning rate for the head"},
      {"seed", &O::seed, {0, kAnyHigh}, "of weights, order, frames and augmentation"},
      {"device", &O::device, {}, "cpu, cuda, cuda:<number>, or auto: a GPU where there is one"},
      {"precision", &O::precision, words("auto|fp32|bf16|fp16"),
       "auto: bf16 where the hardware multiplies it; fp16: on a GPU only"},
      {"loss_scaling", &O::loss_scaling, words("auto|on|off"), "auto: on in fp16"},
      {"cuda_graphs",
       &O::cuda_graphs,
       {},
       "on a GPU: forward and backward pass of a full batch are recorded once an epoch and then started as "
       "one "
       "piece of work; wants LibTorch 2.1"},
      {"threads", &O::threads, {0, 4096}, "for the model; 0 = all cores this process may use"},
      {"loader_threads", &O::loader_threads, {0, 4096}, "for decoding; 0 = as many as for the model"},
      {"bad_data", &O::bad_data, words("fail|skip|substitute"),
       "what to do about a clip that cannot be read"},
      {"bad_share_max",
       &O::bad_share_max,
       {0.0, 1.0},
       "share of an epoch's clips that may be bad before the run stops"},
      {"cache_gib", &O::cache_gib, {0.0, 4096.0}, "memory for decoded frames, kept from epoch to epoch"},
      {"checkpoint_minutes",
       &O::checkpoint_minutes,
       {0.0, 1e6},
       "time between checkpoints within an epoch; there is one after every epoch too"},
      {"checkpoints_kept", &O::checkpoints_kept, {1, 1000}, "newest checkpoints kept"},
      {"event_steps",
       &O::event_steps,
       {0, 1000000},
       "optimiser steps from one point of the loss curve in the TensorBoard events to the next; 0 = epochs "
       "only"},
      {"init_from", &O::init_from, {}, "weights file to start from; empty = fresh weights"},
  });
  return kTable;
}

}  // namespace

std::vector<SettingDescription> settings() {
  return table().describe();
}

void apply_setting(TrainOptions& options, std::string_view name, const std::string& value) {
  table().apply(options, name, value);
}

void apply_config_file(TrainOptions& options, const std::filesystem::path& path) {
  table().apply_file(options, path);
}

void validate(const TrainOptions& options) {
  if (options.segments * options.frames_per_segment != options.frames) {
    throw invalid_argument(fmt::format("segments x frames_per_segment is {} x {}, wanted frames = {}",
                                       options.segments, options.frames_per_segment, options.frames));
  }
  if (options.unit_start && !options.init_from.empty())
    throw invalid_argument("unit_start would change the weights of init_from: give one of them");
  if (options.cuda_graphs && options.sync_batch_norm)
    throw invalid_argument(
        "cuda_graphs and sync_batch_norm are both true: what waits for other processes cannot be recorded");
  const auto crop_counts = data::test_crop_counts();
  if (std::find(crop_counts.begin(), crop_counts.end(), options.test_crops) == crop_counts.end())
    throw invalid_argument(fmt::format("test_crops is {}, wanted 1, 2, 5 or 10", options.test_crops));
  if (options.protocol == "clean" && options.validation_fraction <= 0.0) {
    throw invalid_argument(
        "validation_fraction is 0, the clean protocol wants more; use protocol = \"published\" to select on "
        "test");
  }
}

std::string to_toml(const TrainOptions& options) {
  return table().to_toml(options,
                         "Every setting of this run: `ferv train --config` of this file repeats it.");
}

std::string changed_settings(const TrainOptions& options) {
  return table().changed(options);
}

bool holds_options(const std::filesystem::path& file, const TrainOptions& options) {
  TrainOptions held;
  apply_config_file(held, file);
  return changed_settings(held) == changed_settings(options);
}

}  // namespace ferv::training
