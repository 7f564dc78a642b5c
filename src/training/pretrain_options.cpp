// SPDX-License-Identifier: Apache-2.0
// The table of `ferv pretrain`'s settings.
#include "ferv/training/pretrain.h"
#include "settings_table.h"

namespace ferv::training {
namespace {

using O = PretrainOptions;

const SettingsTable<O>& table() {
  static const SettingsTable<O> kTable({
      {"data", &O::data, {}, "folder of folders, MS-Celeb-1M's TSV, or list of pictures"},
      {"backbone", &O::backbone, words("resnet18|resnet50"), "network that is trained"},
      {"about_data", &O::about_data, {}, "what the pictures are, in a few words; goes with the weights"},
      {"task", &O::task, words("auto|identity|expression"),
       "auto: expression when every class is one of the seven expressions"},
      {"held_out_fraction",
       &O::held_out_fraction,
       {0.001, 0.5},
       "share of the identities, or of each expression's pictures, that is kept from training"},
      {"faces_min", &O::faces_min, {2, 1000}, "identities with fewer pictures are left out"},
      {"pair_count", &O::pair_count, {2, 1'000'000}, "held-out pairs that verification is measured on"},
      {"select_by", &O::select_by, words("war|uar"),
       "metric that chooses the best epoch; identities: always verification accuracy"},
      {"size", &O::size, {16, 1024}, "side of the square input, in pixels"},
      {"crop", &O::crop, {0.05, 1.0}, "central share of a picture's shorter side that is used"},
      {"zoom_max", &O::zoom_max, {1.0, 4.0}, "training cuts are up to this factor smaller or larger"},
      {"shift_max", &O::shift_max, {0.0, 0.5}, "training cuts are moved by up to this share of their side"},
      {"stretch_max", &O::stretch_max, {1.0, 2.0}, "aspect ratio of training cuts, in [1/max, max]"},
      {"flip_probability", &O::flip_probability, {0.0, 1.0}, "of a left-right flip in training"},
      {"brightness_max",
       &O::brightness_max,
       {0.0, 1.0},
       "brightness changes by up to this share of its range"},
      {"contrast_max", &O::contrast_max, {0.0, 1.0}, "contrast changes by up to this share"},
      {"grey_probability",
       &O::grey_probability,
       {0.0, 1.0},
       "of a picture without colours in training; at 1 the model is one of brightness: "
       "held-out pictures are grey too, and the weights that are written see colours as grey"},
      {"head", &O::head, words("softmax|margin"), "margin: additive angular margin (ArcFace)"},
      {"margin", &O::margin, {0.0, 1.5}, "of the margin head, in radians"},
      {"margin_scale", &O::margin_scale, {1.0, 256.0}, "factor of the margin head's cosines"},
      {"epochs", &O::epochs, {1, 100'000}, "passes over the training pictures"},
      {"batch_size", &O::batch_size, {2, 65536}, "pictures a step"},
      {"optimizer", &O::optimizer, words("sgd|adamw"), "how gradients move weights"},
      {"learning_rate", &O::learning_rate, {1e-9, 1000.0}, "at the start, after warm-up"},
      {"momentum", &O::momentum, {0.0, 0.9999}, "of sgd"},
      {"weight_decay", &O::weight_decay, {0.0, 10.0}, "on all parameters; adamw: decoupled"},
      {"schedule", &O::schedule, words("step|cosine|constant"), "of the learning rate"},
      {"step_epochs", &O::step_epochs, {1, 100'000}, "step: epochs between falls"},
      {"step_factor", &O::step_factor, {0.0, 1.0}, "step: factor of each fall"},
      {"warmup_epochs", &O::warmup_epochs, {0.0, 1000.0}, "linear rise from 0 at the start"},
      {"label_smoothing", &O::label_smoothing, {0.0, 0.999}, "share of the target spread over all classes"},
      {"mixup_alpha",
       &O::mixup_alpha,
       {0.0, 1.0},
       "softmax head: pictures are shown through each other, as much as Beta(alpha, alpha) says; 0 = never"},
      {"class_weights", &O::class_weights, words("none|balanced|sqrt"),
       "balanced: the loss weighs an expression by the inverse of its pictures; sqrt: by that number's root"},
      {"logit_adjustment",
       &O::logit_adjustment,
       {0.0, 2.0},
       "expressions: how far answers are freed of how often each was seen; 0 = not, 1 = as if all were "
       "equally common"},
      {"gradient_clip_norm",
       &O::gradient_clip_norm,
       {0.0, 1e6},
       "gradients are scaled down to this norm; 0 = never"},
      {"sharpness_radius",
       &O::sharpness_radius,
       {0.0, 10.0},
       "gradients are taken where the loss is worst within this distance of the weights (SAM), at twice the "
       "time; 0 = at the weights"},
      {"test_crops",
       &O::test_crops,
       {1, 2},
       "expressions: at 2 the probabilities of held-out pictures, and those of predict with these weights, "
       "are means over a picture and its mirror image"},
      {"test_crop",
       &O::test_crop,
       {0.5, 1.0},
       "central share of what training sees that held-out pictures, and those of predict with these weights, "
       "are shown by: cuts of training are smaller on average"},
      {"answer_shift",
       &O::answer_shift,
       {-1.0, 1.0},
       "expressions: the answers of the trained network are moved towards those that were rare, below 0 "
       "towards frequent ones, by this power of how often each was seen"},
      {"ema_decay",
       &O::ema_decay,
       {0.0, 0.999999},
       "of the moving average of the weights that is evaluated and written; 0 = the weights themselves"},
      {"uncertain_risk",
       &O::uncertain_risk,
       {0.0, 1.0},
       "expressions: below the probability that leaves this share of wrong answers on held-out pictures, "
       "predict says uncertain"},
      {"seed", &O::seed, {0, kAnyHigh}, "of weights, order, augmentation and what is held out"},
      {"device", &O::device, {}, "cpu, cuda, cuda:<number>, or auto: a GPU where there is one"},
      {"precision", &O::precision, words("auto|fp32|bf16|fp16"),
       "auto: bf16 where the hardware multiplies it; fp16: on a GPU only"},
      {"loss_scaling", &O::loss_scaling, words("auto|on|off"), "auto: on in fp16"},
      {"weights_format", &O::weights_format, words("fp32|fp16"), "numbers in weights/*.safetensors"},
      {"threads", &O::threads, {0, 4096}, "for the model; 0 = all cores this process may use"},
      {"loader_threads", &O::loader_threads, {0, 4096}, "for decoding; 0 = as many as for the model"},
      {"bad_data", &O::bad_data, words("fail|skip"), "what to do about a picture that cannot be read"},
      {"checkpoint_minutes",
       &O::checkpoint_minutes,
       {0.0, 1e6},
       "time between checkpoints within an epoch; there is one after every epoch too"},
      {"checkpoints_kept", &O::checkpoints_kept, {1, 1000}, "newest checkpoints kept"},
      {"init_from", &O::init_from, {}, "weights file whose backbone to start from; empty = fresh weights"},
  });
  return kTable;
}

}  // namespace

std::vector<SettingDescription> pretrain_settings() {
  return table().describe();
}

void apply_setting(PretrainOptions& options, std::string_view name, const std::string& value) {
  table().apply(options, name, value);
}

void apply_config_file(PretrainOptions& options, const std::filesystem::path& path) {
  table().apply_file(options, path);
}

std::string to_toml(const PretrainOptions& options) {
  return table().to_toml(options,
                         "Every setting of this run: `ferv pretrain --config` of this file repeats it.");
}

std::string changed_settings(const PretrainOptions& options) {
  return table().changed(options);
}

}  // namespace ferv::training
