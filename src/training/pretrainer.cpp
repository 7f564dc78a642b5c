// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "answer_shift.h"
#include "checkpoint.h"
#include "face_evaluator.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/parallel.h"
#include "ferv/base/random.h"
#include "ferv/base/stopwatch.h"
#include "ferv/base/version.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/nn/device.h"
#include "ferv/nn/runtime.h"
#include "ferv/training/pretrain.h"
#include "loss.h"
#include "loss_scale.h"
#include "mixup.h"
#include "optimizer.h"
#include "pretrain_data.h"
#include "pretrain_files.h"
#include "run_environment.h"
#include "run_folder.h"
#include "steepest_point.h"
#include "weight_average.h"

namespace ferv::training {
namespace {

/// What optimiser and schedule know as the settings of `ferv train`.
TrainOptions optimizer_settings(const PretrainOptions& options) {
  TrainOptions settings;
  settings.epochs = options.epochs;
  settings.optimizer = options.optimizer;
  settings.learning_rate = options.learning_rate;
  settings.momentum = options.momentum;
  settings.weight_decay = options.weight_decay;
  settings.schedule = options.schedule;
  settings.step_epochs = options.step_epochs;
  settings.step_factor = options.step_factor;
  settings.warmup_epochs = options.warmup_epochs;
  return settings;
}

nn::Precision precision_of(const PretrainOptions& options) {
  return nn::precision_from_name(options.precision, nn::device_from_name(options.device).type());
}

FaceNetworkOptions network_options(const PretrainOptions& options, int class_count) {
  return {.backbone = options.backbone,
          .class_count = class_count,
          .has_margin_head = options.head == "margin",
          .margin = {.scale = options.margin_scale, .margin = options.margin},
          .precision = precision_of(options)};
}

/// Numbers that depend on the machine are fixed once, so that a resume elsewhere does the same sums.
PretrainOptions resolved(PretrainOptions options) {
  if (options.threads == 0) options.threads = available_cores();
  if (options.loader_threads == 0) options.loader_threads = options.threads;
  options.precision = nn::to_string(precision_of(options));
  options.device = nn::settled_device_name(options.device, nn::device_from_name(options.device));
  options.data = std::filesystem::absolute(options.data).lexically_normal().string();
  return options;
}

/// One run from where it stands to its end.
class Pretrainer {
 public:
  Pretrainer(const PretrainOptions& options, PretrainData data, const Observer& observer)
      : options_(options),
        data_(std::move(data)),
        observer_(observer),
        device_(nn::device_from_name(options.device)),
        loss_scale_(options.loss_scaling, precision_of(options)),
        schedule_(optimizer_settings(options)) {
    nn::configure_runtime({.threads = options.threads});
    const auto seed = static_cast<std::uint64_t>(options.seed);
    network_ = std::make_shared<FaceNetwork>(network_options(options, data_.class_count()),
                                             derive_seed(seed, "weights"));
    if (!options.init_from.empty()) load_backbone(*network_->backbone(), options.init_from);
    nn::move_to(*network_, device_);
    optimizer_ = make_optimizer(network_->parameters(), schedule_);
    begin_average();
    loss_ = loss_options(options, data_);
    answer_offsets_ = answer_offsets(options, data_);
    loader_ = std::make_unique<data::FaceLoader>(data_.set, data_.split.training,
                                                 loader_options(options, data_.split.training.size()));
    if (!data_.is_expression) pairs_ = held_out_pairs(options, data_);
    reset_confusion();
  }

  [[nodiscard]] Facts facts() const { return run_facts(data_.fingerprint, changed_settings(options_)); }

  /// Puts the state of a checkpoint in place. Throws kIncompatible when it belongs to other data or settings.
  void restore(const Checkpoint& checkpoint) {
    require_facts(checkpoint, facts());
    weights::load_state(*network_, checkpoint.model);
    optimizer_->load_state(checkpoint.optimizer, checkpoint.progress.step);
    begin_average();
    if (average_) average_->load_state(checkpoint.average);
    progress_ = checkpoint.progress;
    loss_scale_.load_state(progress_.loss_scale);
    confusion_.counts = checkpoint.confusion;
  }

  void write_environment(const RunFolder& run) const {
    training::write_environment(run, {.precision = options_.precision,
                                      .device = options_.device,
                                      .threads = options_.threads,
                                      .own = {{"task", data_.is_expression ? "expression" : "identity"},
                                              {"classes", data_.class_count()},
                                              {"training_pictures", data_.split.training.size()},
                                              {"held_out_pictures", data_.split.held_out.size()},
                                              {"held_out_pairs", pairs_.size()},
                                              {"damaged_lines", data_.set.damaged_count},
                                              {"data_fingerprint", data_.fingerprint}}});
  }

  PretrainOutcome run(RunFolder& folder) {
    PretrainOutcome outcome;
    outcome.is_expression = data_.is_expression;
    while (!outcome.stopped && progress_.epoch < options_.epochs) {
      outcome.stopped = !train_epoch(folder);
      if (outcome.stopped)
        folder.log("stopped", fmt::format("epoch {} batch {}", progress_.epoch + 1, progress_.batch));
    }
    outcome.epochs_done = progress_.epoch;
    outcome.best_epoch = progress_.best_epoch + 1;
    if (!outcome.stopped) finish(folder, outcome);
    return outcome;
  }

 private:
  /// Expressions by truth and answer; of identities, which may be a hundred thousand, only right and wrong.
  void reset_confusion() {
    const std::size_t classes = data_.set.classes.size();
    if (data_.is_expression) {
      confusion_.counts.assign(classes, std::vector<std::int64_t>(classes, 0));
    } else {
      confusion_.counts.assign(1, std::vector<std::int64_t>(2, 0));
    }
  }

  void count_answers(const torch::Tensor& labels, const torch::Tensor& scores) {
    const torch::Tensor answers = scores.detach().argmax(1).cpu();
    const auto* truth = labels.data_ptr<std::int64_t>();
    const auto* answer = answers.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < labels.size(0); ++i) {
      if (data_.is_expression) {
        ++confusion_.counts[static_cast<std::size_t>(truth[i])][static_cast<std::size_t>(answer[i])];
      } else {
        ++confusion_.counts[0][truth[i] == answer[i] ? 0 : 1];
      }
    }
  }

  [[nodiscard]] double training_accuracy() const { return evaluation::war(confusion_); }

  void begin_average() {
    if (options_.ema_decay > 0) average_ = std::make_unique<WeightAverage>(*network_, options_.ema_decay);
  }

  void save_checkpoint(const RunFolder& folder) const {
    Checkpoint checkpoint;
    checkpoint.progress = progress_;
    checkpoint.facts = facts();
    checkpoint.confusion = confusion_.counts;
    checkpoint.model = weights::state_of(*network_);
    checkpoint.optimizer = optimizer_->state();
    if (average_) checkpoint.average = average_->state();
    write_checkpoint(folder.checkpoints(), checkpoint, options_.checkpoints_kept);
  }

  /// Of pictures that are `share` themselves and for the rest their partners (mixup.h).
  torch::Tensor mixed_loss(const torch::Tensor& scores, const torch::Tensor& labels, double share) {
    const auto loss_for = [&](const torch::Tensor& wanted) {
      return classification_loss(network_->training_scores(scores, wanted), wanted, loss_);
    };
    return share < 1 ? loss_for(labels) * share + loss_for(labels.flip(0)) * (1 - share) : loss_for(labels);
  }

  /// One optimiser step; returns the batch's mean loss.
  double train_batch(const data::FaceBatch& batch, double learning_rate) {
    const torch::Tensor truth = data_.training_labels(batch.labels);
    const torch::Tensor labels = nn::copied_to(truth, device_);
    optimizer_->zero_gradients();
    const double share =
        mixing_share(options_.mixup_alpha, derive_seed(static_cast<std::uint64_t>(options_.seed), "mixup",
                                                       {static_cast<std::uint64_t>(progress_.step)}));
    const torch::Tensor pictures = mixed_with_partners(pictures_of(batch, spec_of(options_), device_), share);
    const torch::Tensor scores = network_->scores(network_->features(pictures));
    const torch::Tensor loss = mixed_loss(scores, labels, share);
    const double value = loss.item<double>();
    count_answers(truth, scores);  // before the step: a GPU has the scores ready by now
    if (!std::isfinite(value)) {
      throw failed(fmt::format(
          "the loss is {} in epoch {}, step {}; the newest checkpoint is as it was before; try a lower "
          "learning_rate",
          value, progress_.epoch + 1, progress_.step));
    }
    loss_scale_.scaled(loss).backward();
    if (options_.sharpness_radius > 0) {
      const SteepestPoint there(*network_, options_.sharpness_radius);
      optimizer_->zero_gradients();
      loss_scale_.scaled(mixed_loss(network_->scores(network_->features(pictures)), labels, share))
          .backward();
    }
    update_weights(*optimizer_, loss_scale_, options_.gradient_clip_norm, learning_rate);
    progress_.loss_scale = loss_scale_.state();
    return value;
  }

  void begin_epoch() {
    if (progress_.batch == 0) {
      reset_confusion();
      progress_.loss_sum = 0;
      progress_.clip_count = 0;
    }
    network_->train();
    loader_->start_epoch(static_cast<std::uint64_t>(progress_.epoch),
                         static_cast<std::size_t>(progress_.batch));
  }

  /// True at the end of the epoch; false when asked to stop, with a checkpoint written.
  bool train_epoch(RunFolder& folder) {
    const Stopwatch epoch_watch;
    Stopwatch checkpoint_watch;
    EpochMetrics metrics;
    std::int64_t pictures_here = 0;  // since this process began the epoch, for the rate
    begin_epoch();
    const std::string task = fmt::format("train epoch {}/{}", progress_.epoch + 1, options_.epochs);
    while (const data::FaceBatch* batch = loader_->next()) {
      const auto count = static_cast<std::int64_t>(batch->size());
      progress_.batch = static_cast<std::int64_t>(batch->number) + 1;
      if (count < 2) continue;  // one picture has no variance for a batch norm
      metrics.learning_rate =
          learning_rate_at(schedule_, static_cast<double>(progress_.epoch) +
                                          static_cast<double>(batch->number) /
                                              static_cast<double>(loader_->batches_per_epoch()));
      progress_.loss_sum += train_batch(*batch, metrics.learning_rate) * static_cast<double>(count);
      progress_.clip_count += count;
      ++progress_.step;
      if (average_) average_->update(progress_.step);
      pictures_here += count;
      report_step(task);
      const double minutes = checkpoint_watch.seconds() / 60;
      const bool is_time = options_.checkpoint_minutes > 0 && minutes > options_.checkpoint_minutes;
      if (is_time || observer_.should_stop()) save_checkpoint(folder);
      if (observer_.should_stop()) return false;
      if (is_time) checkpoint_watch.restart();
    }
    if (progress_.clip_count == 0) throw corrupt_data(options_.data, "no training picture could be read");
    metrics.epoch = progress_.epoch + 1;
    metrics.train_loss = progress_.loss_sum / static_cast<double>(progress_.clip_count);
    metrics.train_war = training_accuracy();
    metrics.train_uar = data_.is_expression ? evaluation::uar(confusion_) : 0;
    metrics.clips_per_s = static_cast<double>(pictures_here) / epoch_watch.seconds();
    metrics.data_wait_share = loader_->wait_s() / epoch_watch.seconds();
    for (const std::string& reason : loader_->bad_faces()) folder.log("bad_face", reason);
    return end_epoch(folder, metrics, epoch_watch);
  }

  void report_step(const std::string& task) const {
    const std::string detail = fmt::format("loss {:.3f}  accuracy {:.1f}",
                                           progress_.loss_sum / static_cast<double>(progress_.clip_count),
                                           100 * training_accuracy());
    observer_.progress({task, static_cast<std::uint64_t>(progress_.clip_count), data_.split.training.size(),
                        "pictures", detail});
  }

  FaceEvaluation evaluation_of(const std::string& task) const {
    data::FaceLoaderOptions loader = loader_options(options_, 0);
    loader.crop *= options_.test_crop;
    return {.set = data_.set,
            .positions = data_.split.held_out,
            .loader = loader,
            .spec = spec_of(options_),
            .is_mirrored_too = options_.test_crops == 2,
            .task = task};
  }

  /// Held-out figures of the weights as they are.
  HeldOutFigures evaluate(const std::string& task) {
    HeldOutFigures figures;
    if (data_.is_expression) {
      figures.results = evaluate_expressions(*network_, evaluation_of(task), observer_);
      const evaluation::ConfusionMatrix matrix = evaluation::confusion_matrix(figures.results);
      figures.war = evaluation::war(matrix);
      figures.uar = evaluation::uar(matrix);
      figures.chosen = options_.select_by == "war" ? figures.war : figures.uar;
      figures.text = fmt::format("WAR {:.4f} UAR {:.4f}", figures.war, figures.uar);
    } else {
      figures.verification = evaluate_identities(*network_, evaluation_of(task), pairs_, observer_);
      figures.chosen = figures.verification.accuracy;
      figures.text = fmt::format("verification {:.4f} [{:.4f}, {:.4f}] AUC {:.4f}",
                                 figures.verification.accuracy, figures.verification.low,
                                 figures.verification.high, figures.verification.area_under_roc);
    }
    return figures;
  }

  /// Evaluates, keeps the best weights; of the average where there is one. False when asked to stop during
  /// the evaluation.
  bool select(const RunFolder& folder, HeldOutFigures& figures, bool& is_best) {
    const AveragedScope averaged(average_.get());
    const AnswerShift shift(network_->output_bias(), answer_offsets_);
    try {
      figures = evaluate(fmt::format("validate epoch {}/{}", progress_.epoch + 1, options_.epochs));
    } catch (const Error&) {
      if (!observer_.should_stop()) throw;
      return false;
    }
    const PretrainFiles files(options_, data_);
    files.save_weights(folder, "last", *network_, figures);
    is_best = figures.chosen > progress_.best_metric;
    if (!is_best) return true;
    progress_.best_metric = figures.chosen;
    progress_.best_epoch = progress_.epoch;
    files.save_weights(folder, "best", *network_, figures);
    return true;
  }

  /// Selects, records. False when asked to stop during the evaluation.
  bool end_epoch(RunFolder& folder, EpochMetrics metrics, const Stopwatch& epoch_watch) {
    HeldOutFigures figures;
    bool is_best = false;
    if (!select(folder, figures, is_best)) {
      // The epoch's last step is done: after a resume the epoch ends with the same validation.
      save_checkpoint(folder);
      return false;
    }
    metrics.seconds = epoch_watch.seconds();
    PretrainFiles(options_, data_).record_epoch(folder, metrics, figures);
    const std::string line =
        fmt::format("epoch {}/{}  loss {:.4f}  train accuracy {:.1f}  held out {}{}  {:.1f} pictures/s",
                    metrics.epoch, options_.epochs, metrics.train_loss, 100 * metrics.train_war, figures.text,
                    is_best ? " (best)" : "", metrics.clips_per_s);
    observer_.log(line);
    folder.log("epoch", line);
    ++progress_.epoch;
    progress_.batch = 0;
    save_checkpoint(folder);
    return true;
  }

  /// Held-out figures of the weights that were kept, as they read back from their file.
  void finish(RunFolder& folder, PretrainOutcome& outcome) {
    const weights::NamedTensors best = weights::read_safetensors(folder.weights("best"));
    if (data_.is_expression) {
      weights::load_state(*network_, best);
    } else {
      weights::load_state(*network_->backbone(), best);
    }
    HeldOutFigures figures = evaluate("validate, best epoch");
    outcome.held_out = std::move(figures.results);
    outcome.verification = figures.verification;
    PretrainFiles(options_, data_).save_figures(folder, outcome);
    folder.log("finished",
               fmt::format("{} epochs, best {}: {}", progress_.epoch, outcome.best_epoch, figures.text));
  }

  PretrainOptions options_;
  PretrainData data_;
  const Observer& observer_;
  torch::Device device_;
  LossScale loss_scale_;
  TrainOptions schedule_;
  std::shared_ptr<FaceNetwork> network_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<WeightAverage> average_;  ///< null without ema_decay
  LossOptions loss_;
  torch::Tensor answer_offsets_;  ///< undefined without answer_shift
  std::unique_ptr<data::FaceLoader> loader_;
  std::vector<FacePair> pairs_;
  Progress progress_;
  evaluation::ConfusionMatrix confusion_;
};

}  // namespace

PretrainOutcome pretrain(const PretrainOptions& given, const std::filesystem::path& run,
                         const Observer& observer) {
  const PretrainOptions options = resolved(given);
  PretrainData data = read_pretrain_data(options, observer);
  Pretrainer trainer(options, std::move(data), observer);
  RunFolder folder = RunFolder::create(run);
  trainer.write_environment(folder);
  // Written last of the start: a folder with config.toml is a run that can be resumed.
  write_file_atomically(run / "config.toml", to_toml(options));
  folder.log("started", options.backbone);
  return trainer.run(folder);
}

PretrainOutcome resume_pretraining(const std::filesystem::path& run, const Observer& observer) {
  RunFolder folder = RunFolder::open(run);
  PretrainOptions options;
  apply_config_file(options, run / "config.toml");
  Pretrainer trainer(options, read_pretrain_data(options, observer), observer);
  std::vector<std::string> skipped;
  const std::optional<Checkpoint> checkpoint = read_newest_checkpoint(folder.checkpoints(), skipped);
  for (const std::string& reason : skipped) observer.warn("checkpoint passed over: " + reason);
  if (checkpoint) trainer.restore(*checkpoint);
  const std::string place = checkpoint ? fmt::format("going on after epoch {}, batch {}",
                                                     checkpoint->progress.epoch, checkpoint->progress.batch)
                                       : std::string("no usable checkpoint: starting from the beginning");
  observer.log(place);
  folder.log("resumed", place);
  return trainer.run(folder);
}

}  // namespace ferv::training
