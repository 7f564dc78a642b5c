// SPDX-License-Identifier: Apache-2.0
// Every setting of a training run, and the one table that parses, checks, documents and writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::training {

/// Defaults are the protocol that later work on FERV39k documents (Former-DFER, Zhao and Liu 2021); the
/// authors' own is unpublished. Meaning, range and unit of each field stand in settings().
struct TrainOptions {
  std::string data;
  std::string model = "r18_lstm";
  std::string protocol = "clean";
  std::string layout = "auto";
  std::string setup = "all";
  int fold = 0;
  std::string clips = "full";
  std::string label_order;
  std::string train_list;
  std::string test_list;
  std::string select_by = "war";
  double validation_fraction = 0.1;

  int frames = 16;
  int height = 112;
  int width = 112;
  int segments = 8;
  int frames_per_segment = 2;
  std::string sampling = "segments";
  std::string streams;
  int test_views = 1;
  int test_crops = 1;

  bool random_crop = true;
  double crop_area_min = 0.08;
  double crop_ratio_max = 4.0 / 3.0;
  double flip_probability = 0.5;
  double rotation_degrees = 0.0;
  double brightness = 0.0;
  double contrast = 0.0;
  double saturation = 0.0;
  double hue = 0.0;
  double grey_probability = 0.0;
  double erase_probability = 0.0;
  double erase_area_max = 0.2;
  int temporal_jitter = 0;

  int epochs = 100;
  int batch_size = 32;
  std::string optimizer = "sgd";
  double learning_rate = 0.01;
  double momentum = 0.9;
  double weight_decay = 1e-4;
  std::string schedule = "step";
  int step_epochs = 40;
  double step_factor = 0.1;
  double warmup_epochs = 0.0;
  double label_smoothing = 0.0;
  std::string class_weights = "none";
  double focal_gamma = 0.0;
  std::string class_sampling = "natural";
  int accumulate_batches = 1;
  bool sync_batch_norm = false;
  double batch_norm_momentum = 0.0;
  double gradient_clip_norm = 0.0;
  double ema_decay = 0.0;
  int early_stop_epochs = 0;

  bool unit_start = false;
  std::string freeze;
  int freeze_epochs = 0;
  int head_warmup_epochs = 0;
  double backbone_rate_factor = 1.0;
  double recurrent_rate_factor = 1.0;
  double head_rate_factor = 1.0;

  int seed = 0;
  std::string device = "auto";
  std::string precision = "auto";
  std::string loss_scaling = "auto";
  bool cuda_graphs = false;
  int threads = 0;
  int loader_threads = 0;
  std::string bad_data = "fail";
  double bad_share_max = 0.1;
  double cache_gib = 0.0;
  double checkpoint_minutes = 10.0;
  int checkpoints_kept = 2;
  int event_steps = 10;
  std::string init_from;
};

/// One setting as a person sees it.
struct SettingDescription {
  std::string name;
  std::string default_value;
  std::string allowed;  ///< "1 to 1000", "sgd|adamw", "true|false" or "text"
  std::string meaning;
};

/// All settings in the order in which config.toml lists them.
[[nodiscard]] std::vector<SettingDescription> settings();

/// Sets one from text. Throws kInvalidArgument: unknown name (with a suggestion), or a value out of range.
void apply_setting(TrainOptions& options, std::string_view name, const std::string& value);

/// Sets those that a TOML file names. Throws kNotFound, kCorruptData for text that is no TOML,
/// kInvalidArgument as above with file and line.
void apply_config_file(TrainOptions& options, const std::filesystem::path& path);

/// Checks what no single setting shows. Throws kInvalidArgument.
void validate(const TrainOptions& options);

/// Complete TOML with a comment a setting; apply_config_file() gives the same options back.
[[nodiscard]] std::string to_toml(const TrainOptions& options);

/// Those that differ from their defaults, a line each: what a run's checkpoints are bound to. A newer version
/// with more settings gives the same text.
[[nodiscard]] std::string changed_settings(const TrainOptions& options);

/// Whether `file`, which to_toml() of this or an older version wrote, holds these options. Throws as
/// apply_config_file().
[[nodiscard]] bool holds_options(const std::filesystem::path& file, const TrainOptions& options);

}  // namespace ferv::training
