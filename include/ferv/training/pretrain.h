// SPDX-License-Identifier: Apache-2.0
// Trains a ResNet on still faces: to tell people apart, so that clip models can start from it, or to name
// expressions, as a row of the zoo.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/evaluation/results.h"
#include "ferv/training/options.h"

namespace ferv::training {

/// Meaning, range and unit of each field stand in pretrain_settings().
struct PretrainOptions {
  std::string data;
  std::string backbone = "resnet18";
  std::string task = "auto";
  double held_out_fraction = 0.1;
  int faces_min = 2;
  int pair_count = 6000;
  std::string select_by = "war";

  int size = 112;
  double crop = 1.0;
  double zoom_max = 1.2;
  double shift_max = 0.08;
  double stretch_max = 1.1;
  double flip_probability = 0.5;
  double brightness_max = 0.2;
  double contrast_max = 0.2;
  double grey_probability = 0.1;

  std::string head = "softmax";
  double margin = 0.4;
  double margin_scale = 32.0;

  int epochs = 20;
  int batch_size = 64;
  std::string optimizer = "sgd";
  double learning_rate = 0.05;
  double momentum = 0.9;
  double weight_decay = 5e-4;
  std::string schedule = "cosine";
  int step_epochs = 8;
  double step_factor = 0.1;
  double warmup_epochs = 1.0;
  double label_smoothing = 0.0;
  std::string class_weights = "none";
  double logit_adjustment = 0.0;
  double gradient_clip_norm = 5.0;
  double mixup_alpha = 0.0;
  double sharpness_radius = 0.0;
  double answer_shift = 0.0;
  int test_crops = 1;
  double test_crop = 1.0;
  double ema_decay = 0.0;
  double uncertain_risk = 0.05;

  std::string about_data;

  int seed = 0;
  std::string device = "auto";
  std::string precision = "auto";
  std::string loss_scaling = "auto";
  std::string weights_format = "fp32";
  int threads = 0;
  int loader_threads = 0;
  std::string bad_data = "fail";
  double checkpoint_minutes = 10.0;
  int checkpoints_kept = 2;
  std::string init_from;
};

/// As the functions of these names in options.h, errors included.
[[nodiscard]] std::vector<SettingDescription> pretrain_settings();
void apply_setting(PretrainOptions& options, std::string_view name, const std::string& value);
void apply_config_file(PretrainOptions& options, const std::filesystem::path& path);
[[nodiscard]] std::string to_toml(const PretrainOptions& options);

/// As of TrainOptions.
[[nodiscard]] std::string changed_settings(const PretrainOptions& options);

/// Same person or not, on pairs of people that were not trained on (LFW's protocol).
struct VerificationFigures {
  double accuracy = 0;  ///< mean over folds, each with the threshold that is best on the others
  double low = 0;       ///< 95 % interval of that mean (Student's t over folds)
  double high = 0;
  double area_under_roc = 0;
  std::size_t pair_count = 0;
  std::size_t fold_count = 0;
};

/// What a run came to. Without `stopped` everything is on disk in the run folder.
struct PretrainOutcome {
  bool stopped = false;  ///< asked to stop; a checkpoint was written
  bool is_expression = false;
  std::int64_t epochs_done = 0;
  std::int64_t best_epoch = 0;       ///< counted from 1
  evaluation::Results held_out;      ///< expression: held-out pictures, weights as in weights/best
  VerificationFigures verification;  ///< identity: the same
};

/// Starts a run in `run`, which must be new or empty. Everything is checked before anything is written.
/// weights/best and last hold, for identities, the backbone under torchvision's names; for expressions, the
/// whole zoo row. Throws as the data and model rooms do; kFailed for a loss that is not finite.
[[nodiscard]] PretrainOutcome pretrain(const PretrainOptions& options, const std::filesystem::path& run,
                                       const Observer& observer);

/// Goes on with a run from its newest usable checkpoint; on the CPU bit for bit as if it had never stopped.
/// Throws kIncompatible when the data set has changed.
[[nodiscard]] PretrainOutcome resume_pretraining(const std::filesystem::path& run, const Observer& observer);

}  // namespace ferv::training
