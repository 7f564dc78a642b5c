// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/trainer.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "batch_figures.h"
#include "batch_pass.h"
#include "batch_tensors.h"
#include "checkpoint.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/random.h"
#include "ferv/base/stopwatch.h"
#include "ferv/base/version.h"
#include "ferv/data/batch_loader.h"
#include "ferv/data/splits.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/batch_norm.h"
#include "ferv/nn/communicator.h"
#include "ferv/nn/device.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/training/evaluator.h"
#include "ferv/training/frame_weights.h"
#include "ferv/weights/model_metadata.h"
#include "ferv/weights/named_tensors.h"
#include "gradient_sum.h"
#include "learning_parts.h"
#include "loader_settings.h"
#include "loss.h"
#include "loss_scale.h"
#include "optimizer.h"
#include "rank_agreement.h"
#include "run_environment.h"
#include "run_folder.h"
#include "starting_weights.h"
#include "time_left.h"
#include "train_setup.h"
#include "unit_start.h"
#include "weight_average.h"

namespace ferv::training {

namespace {

std::string no_clips_text(std::string_view purpose) {
  std::string text = fmt::format("no clip is left for {}", purpose);
  if (purpose == "selection")
    text +=
        ": validation_fraction of the few training clips of each scene and class is less than one; wanted "
        "more clips, a larger fraction, or protocol published";
  return text;
}

/// One run from where it stands to its end.
class Trainer {
 public:
  Trainer(const TrainOptions& options, data::ClipIndex index, const Observer& observer,
          nn::Communicator& communicator)
      : options_(options),
        index_(std::move(index)),
        observer_(observer),
        communicator_(communicator),
        device_(device_of_rank(options, communicator)),
        precision_(nn::precision_from_name(options.precision, device_.type())),
        loss_scale_(options.loss_scaling, precision_),
        training_clips_(data::clips_of(index_, data::Split::kTrain)),
        selection_split_(options.protocol == "clean" ? data::Split::kValidation : data::Split::kTest),
        selection_clips_(data::clips_of(index_, selection_split_)),
        test_clips_(data::clips_of(index_, data::Split::kTest)) {
    require_room_for_ranks(options, training_clips_.size(), communicator);
    require_same_facts(communicator, facts());
    nn::configure_runtime({.threads = options.threads});
    const auto seed = static_cast<std::uint64_t>(options.seed);
    model_ = models::make_model(
        options.model, {.class_count = static_cast<int>(index_.classes.size()), .spec = spec_of(options)},
        derive_seed(seed, "weights"));
    nn::move_to(model_->module(), device_);
    if (options.sync_batch_norm) nn::synchronise_batch_norms(model_->module(), communicator);
    if (options.batch_norm_momentum > 0)
      nn::set_batch_norm_momentum(model_->module(), options.batch_norm_momentum);
    gradient_sum_ = std::make_unique<GradientSum>(model_->module(), communicator);
    optimizer_ = make_optimizer(model_->module().parameters(), options);
    learning_parts_ = std::make_unique<LearningParts>(options, model_->module());
    optimizer_->set_rate_factors(learning_parts_->rate_factors());
    loss_ = {.class_weights = class_weights(options, index_, training_clips_),
             .label_smoothing = options.label_smoothing,
             .focal_gamma = options.focal_gamma};
    pass_ = std::make_unique<BatchPass>(
        *model_, loss_scale_,
        BatchPassOptions{.precision = precision_,
                         .loss = loss_,
                         .recorder = options.cuda_graphs ? nn::make_graph_recorder(device_) : nullptr});
    data::LoaderOptions loading = loader_options(options, training_clips_.size(), communicator);
    loading.memory = &nn::memory_for_copies_to(device_);
    loader_ = std::make_unique<data::BatchLoader>(index_, training_clips_, loading);
    for (const auto& [clips, name] : {std::pair{&training_clips_, "training"},
                                      {&selection_clips_, "selection"},
                                      {&test_clips_, "test"}}) {
      if (clips->empty()) throw corrupt_data(options.data, no_clips_text(name));
    }
    reset_confusion();
  }

  [[nodiscard]] Facts facts() const {
    return run_facts(data::fingerprint(index_), changed_settings(options_));
  }

  /// Fills the fresh model with what fits of the weights that the options name, or fits it to the data, and
  /// tells what that was.
  std::vector<std::string> begin_weights() {
    if (options_.unit_start) fit_to_first_batch();
    if (options_.init_from.empty()) return {};
    const std::vector<std::string> lines = to_lines(start_from(*model_, options_.init_from));
    for (const std::string& line : lines) observer_.log(options_.init_from + ": " + line);
    return lines;
  }

  /// Once the weights to start from are in place.
  void begin_average() {
    if (options_.ema_decay > 0)
      average_ = std::make_unique<WeightAverage>(model_->module(), options_.ema_decay);
  }

  /// Puts the state of a checkpoint in place. Throws kIncompatible when it belongs to other data or settings.
  void restore(const Checkpoint& checkpoint) {
    require_facts(checkpoint, facts());
    weights::load_state(model_->module(), checkpoint.model);
    optimizer_->load_state(checkpoint.optimizer, checkpoint.progress.step);
    begin_average();
    if (average_) average_->load_state(checkpoint.average);
    progress_ = checkpoint.progress;
    loss_scale_.load_state(progress_.loss_scale);
    if (!checkpoint.confusion.empty()) confusion_.counts = checkpoint.confusion;
  }

  /// Once this rank's state is in place: all others take rank 0's.
  void share_state() {
    if (communicator_.is_alone()) return;
    share_progress(communicator_, progress_, confusion_);
    loss_scale_.load_state(progress_.loss_scale);
    broadcast_all(communicator_, weights::state_of(model_->module()));
    broadcast_all(communicator_, optimizer_->state());
    optimizer_->load_state(optimizer_->state(), progress_.step);
    if (average_) broadcast_all(communicator_, average_->state());
  }

  void write_environment(const RunFolder& run) const {
    training::write_environment(run, {.precision = options_.precision,
                                      .device = options_.device,
                                      .threads = options_.threads,
                                      .own = {{"processes", communicator_.size()},
                                              {"training_clips", training_clips_.size()},
                                              {"selection_clips", selection_clips_.size()},
                                              {"test_clips", test_clips_.size()},
                                              {"data_fingerprint", data::fingerprint(index_)}}});
  }

  TrainOutcome run(RunFolder& folder) {
    TrainOutcome outcome;
    folder.begin_events(progress_.step + 1);
    while (!is_done()) {
      if (!train_epoch(folder)) {
        folder.log("stopped", fmt::format("epoch {} batch {}", progress_.epoch + 1, progress_.batch));
        outcome.stopped = true;
        break;
      }
    }
    outcome.epochs_done = progress_.epoch;
    outcome.best_epoch = progress_.best_epoch + 1;
    if (!outcome.stopped) finish(folder, outcome);
    return outcome;
  }

 private:
  [[nodiscard]] bool is_done() const {
    const bool is_stuck = options_.early_stop_epochs > 0 &&
                          progress_.epoch - 1 - progress_.best_epoch >= options_.early_stop_epochs;
    return progress_.epoch >= options_.epochs || is_stuck;
  }

  void fit_to_first_batch() {
    loader_->start_epoch(0, 0, 0);
    const data::Batch* batch = loader_->next();
    if (batch != nullptr && batch->size() > 0)
      (void)start_at_unit_scale(*model_, clips_of(*batch, model_->options().spec, device_));
  }

  void reset_confusion() {
    confusion_.counts.assign(index_.classes.size(), std::vector<std::int64_t>(index_.classes.size(), 0));
  }

  /// Tells of bad clips that were met since the last call.
  void log_bad_clips(RunFolder& folder) {
    const std::vector<std::string> reasons = new_bad_clips(communicator_, *loader_, bad_logged_);
    for (const std::string& reason : reasons) folder.log("bad_clip", reason);
    progress_.bad_count += static_cast<std::int64_t>(reasons.size());
  }

  void save_checkpoint(RunFolder& folder) {
    log_bad_clips(folder);
    if (!folder.is_writer()) return;
    Checkpoint checkpoint;
    checkpoint.progress = progress_;
    checkpoint.facts = facts();
    checkpoint.confusion = confusion_.counts;
    checkpoint.model = weights::state_of(model_->module());
    checkpoint.optimizer = optimizer_->state();
    if (average_) checkpoint.average = average_->state();
    write_checkpoint(folder.checkpoints(), checkpoint, options_.checkpoints_kept);
  }

  /// Random numbers of the layers (dropout) are a function of seed, step and rank.
  void seed_layers(std::uint64_t number) const {
    const auto seed = static_cast<std::uint64_t>(options_.seed);
    torch::manual_seed(
        communicator_.is_alone()
            ? derive_seed(seed, "step", {number})
            : derive_seed(seed, "step", {number, static_cast<std::uint64_t>(communicator_.rank())}));
  }

  /// Forward pass over this rank's part of a batch, which may be empty.
  BatchFigures answer(const data::Batch& batch) {
    if (batch.size() == 0) return no_figures(index_.classes.size());
    const auto& [logits, loss] = pass_->forward(batch);
    return figures_of(batch, logits, loss, loss_);
  }

  /// Adds `share` of the gradient of a batch's mean loss, and what the batch says of the epoch.
  void add_batch(const data::Batch& batch, std::uint64_t number, double share) {
    seed_layers(number);
    BatchFigures figures = answer(batch);
    figures.bad_count = static_cast<std::int64_t>(loader_->bad_clips().size());
    share *= join_figures(figures, communicator_);
    if (!communicator_.is_alone())
      enforce_bad_share(options_, bad_before_ + figures.bad_count, training_clips_.size());
    if (!std::isfinite(figures.loss)) {
      throw failed(
          fmt::format("the loss is {} in epoch {}, step {}; the newest checkpoint is as it was before; try a "
                      "lower learning_rate",
                      figures.loss, progress_.epoch + 1, progress_.step));
    }
    if (batch.size() > 0) pass_->backward(share);
    add_to(confusion_, figures);
    progress_.loss_sum += figures.loss * static_cast<double>(figures.clip_count);
    progress_.clip_count += figures.clip_count;
    progress_.batch = static_cast<std::int64_t>(batch.number) + 1;
  }

  /// One optimiser step over up to `accumulate_batches` batches; false when the epoch has none left.
  bool train_step() {
    const auto batch_count = static_cast<std::int64_t>(loader_->batches_per_epoch());
    const std::int64_t wanted = options_.accumulate_batches;
    const std::int64_t count = std::min(wanted, batch_count - progress_.batch);
    const double place = static_cast<double>(progress_.epoch) +
                         static_cast<double>(progress_.batch) / static_cast<double>(batch_count);
    optimizer_->zero_gradients();
    const Progress before = progress_;
    std::int64_t done = 0;
    for (; done < count; ++done) {
      const data::Batch* batch = loader_->next();
      if (batch == nullptr) break;
      add_batch(*batch, static_cast<std::uint64_t>(progress_.step * wanted + done),
                1.0 / static_cast<double>(count));
    }
    if (done == 0) return false;
    gradient_sum_->exchange();
    learning_rate_ = learning_rate_at(options_, place);
    // All ranks have the same gradients by now, and do the same with them.
    update_weights(*optimizer_, loss_scale_, options_.gradient_clip_norm, learning_rate_);
    progress_.loss_scale = loss_scale_.state();
    ++progress_.step;
    const std::int64_t clip_count = progress_.clip_count - before.clip_count;
    if (clip_count > 0) step_loss_ = (progress_.loss_sum - before.loss_sum) / static_cast<double>(clip_count);
    if (average_) average_->update(progress_.step);
    return true;
  }

  /// True at the end of the epoch; false when asked to stop, with a checkpoint written.
  bool train_epoch(RunFolder& folder) {
    const Stopwatch epoch_watch;
    Stopwatch checkpoint_watch;
    if (progress_.batch == 0) {
      reset_confusion();
      progress_.loss_sum = 0;
      progress_.clip_count = 0;
      progress_.bad_count = 0;
    }
    clips_before_ = progress_.clip_count;
    bad_before_ = progress_.bad_count;
    bad_logged_ = 0;
    model_->module().train();
    learning_parts_->begin_epoch(progress_.epoch);
    pass_->forget();
    loader_->start_epoch(static_cast<std::uint64_t>(progress_.epoch),
                         static_cast<std::size_t>(progress_.batch), static_cast<std::size_t>(bad_before_));
    const std::string task = fmt::format("train epoch {}/{}", progress_.epoch + 1, options_.epochs);
    while (train_step()) {
      report_step(task, epoch_watch.seconds());
      if (options_.event_steps > 0 && progress_.step % options_.event_steps == 0)
        folder.record_step({progress_.step, step_loss_, learning_rate_});
      const bool is_due =
          options_.checkpoint_minutes > 0 && checkpoint_watch.seconds() > options_.checkpoint_minutes * 60;
      const StepDecision decision =
          decide_together(communicator_, {.stop = observer_.should_stop(), .save = is_due});
      if (decision.stop || decision.save) save_checkpoint(folder);
      if (decision.stop) return false;
      if (decision.save) checkpoint_watch.restart();
    }
    if (progress_.clip_count == 0) throw corrupt_data(options_.data, "no training clip could be read");
    const double seconds = epoch_watch.seconds();
    EpochMetrics metrics;
    metrics.epoch = progress_.epoch + 1;
    metrics.step = progress_.step;
    metrics.learning_rate = learning_rate_;
    metrics.train_loss = progress_.loss_sum / static_cast<double>(progress_.clip_count);
    metrics.train_war = evaluation::war(confusion_);
    metrics.train_uar = evaluation::uar(confusion_);
    metrics.clips_per_s = static_cast<double>(progress_.clip_count - clips_before_) / seconds;
    metrics.data_wait_share = loader_->wait_s() / seconds;
    return end_epoch(folder, metrics, epoch_watch);
  }

  void report_step(const std::string& task, double seconds) const {
    const auto clips_per_epoch =
        static_cast<std::int64_t>(loader_->batches_per_epoch()) * options_.batch_size;
    const Pace pace{static_cast<double>(progress_.clip_count - clips_before_) / seconds, evaluation_s_};
    const std::int64_t epochs_left = options_.epochs - progress_.epoch;
    const double left_s =
        time_left_s(pace, epochs_left * clips_per_epoch - progress_.clip_count, epochs_left);
    const std::string detail = fmt::format(
        "loss {:.2f}  WAR/UAR {:.1f}/{:.1f}  data wait {:.0f} %  run {} left",
        progress_.loss_sum / static_cast<double>(progress_.clip_count), 100 * evaluation::war(confusion_),
        100 * evaluation::uar(confusion_), 100 * loader_->wait_s() / seconds, duration_text(left_s));
    observer_.progress({task, static_cast<std::uint64_t>(progress_.clip_count),
                        static_cast<std::uint64_t>(clips_per_epoch), "clips", detail});
  }

  /// Evaluates on the selection split and keeps the best weights. False when asked to stop during the
  /// evaluation.
  bool select(const RunFolder& folder, EpochMetrics& metrics) {
    const AveragedScope averaged(average_.get());
    const Stopwatch watch;
    evaluation::Results selection;
    try {
      selection = evaluate_on(selection_clips_,
                              fmt::format("validate epoch {}/{}", progress_.epoch + 1, options_.epochs));
    } catch (const Error&) {
      if (!observer_.should_stop()) throw;
      return false;
    }
    evaluation_s_ = watch.seconds();
    const evaluation::ConfusionMatrix matrix = evaluation::confusion_matrix(selection);
    metrics.val_loss = mean_log_loss(selection);
    metrics.val_war = evaluation::war(matrix);
    metrics.val_uar = evaluation::uar(matrix);
    const double chosen = options_.select_by == "war" ? metrics.val_war : metrics.val_uar;
    const std::string figures = fmt::format("WAR {:.4f} UAR {:.4f}", metrics.val_war, metrics.val_uar);
    save_weights(folder, "last", figures);
    if (chosen > progress_.best_metric) {
      progress_.best_metric = chosen;
      progress_.best_epoch = progress_.epoch;
      save_weights(folder, "best", figures);
      if (options_.protocol == "clean") save_results(folder, "val", selection, "best");
    }
    return true;
  }

  /// False when asked to stop before the epoch is evaluated.
  bool end_epoch(RunFolder& folder, EpochMetrics metrics, const Stopwatch& epoch_watch) {
    if (!select(folder, metrics)) {
      // The epoch's last step is done: after a resume the epoch ends with the same validation.
      save_checkpoint(folder);
      return false;
    }
    metrics.seconds = epoch_watch.seconds();
    folder.record_epoch(metrics);
    const std::int64_t epochs_left = options_.epochs - metrics.epoch;
    metrics.left_s =
        time_left_s({metrics.clips_per_s, evaluation_s_}, epochs_left * progress_.clip_count, epochs_left);
    const std::string line = fmt::format(
        "epoch {}/{}  loss {:.4f}  train WAR {:.1f}  {} WAR {:.2f} UAR {:.2f}{}  {:.1f} clips/s  data wait "
        "{:.0f} %  {} left",
        metrics.epoch, options_.epochs, metrics.train_loss, 100 * metrics.train_war,
        data::to_string(selection_split_), 100 * metrics.val_war, 100 * metrics.val_uar,
        progress_.best_epoch == progress_.epoch ? " (best)" : "", metrics.clips_per_s,
        100 * metrics.data_wait_share, duration_text(metrics.left_s));
    observer_.log(line);
    folder.log_epoch(metrics, line);
    ++progress_.epoch;
    progress_.batch = 0;
    save_checkpoint(folder);
    return true;
  }

  evaluation::Results evaluate_on(const std::vector<std::size_t>& clips, const std::string& task,
                                  EvaluationOptions views = EvaluationOptions()) {
    views.task = task;
    return evaluate(*model_, index_, clips, completed(views), observer_);
  }

  [[nodiscard]] EvaluationOptions completed(EvaluationOptions evaluation_options) const {
    evaluation_options.sampling = sampling_of(options_);
    evaluation_options.streams = streams_of(options_.streams, options_.model);
    evaluation_options.loader_threads = options_.loader_threads;
    evaluation_options.precision = precision_;
    evaluation_options.communicator = &communicator_;
    return evaluation_options;
  }

  void save_weights(const RunFolder& folder, const std::string& name, const std::string& figures) const {
    if (!folder.is_writer()) return;
    weights::ModelMetadata metadata;
    metadata.model = options_.model;
    metadata.classes = index_.classes;
    metadata.spec = spec_of(options_);
    metadata.sampling = {.segment_count = options_.segments,
                         .frames_per_segment = options_.frames_per_segment,
                         .method = options_.sampling};
    metadata.streams = options_.streams;  // resolved when the run started
    metadata.training_data = data::fingerprint(index_);
    metadata.split = data::to_string(selection_split_);
    metadata.protocol = options_.protocol;
    metadata.metrics = figures;
    weights::NamedTensors tensors = weights::state_of(model_->module());
    tensors.metadata = weights::to_metadata(metadata);
    weights::write_safetensors(folder.weights(name), tensors);
  }

  void save_results(const RunFolder& folder, const std::string& name, evaluation::Results& results,
                    const std::string& weights_name) const {
    if (!folder.is_writer()) return;
    results.facts = {{"model", options_.model},
                     {"weights", folder.weights(weights_name).filename().string()},
                     {"weights_hash", hash_file(folder.weights(weights_name))},
                     {"split", name.starts_with("test") ? "test" : "val"},
                     {"protocol", options_.protocol},
                     {"test_views", name == "val" ? "1" : std::to_string(options_.test_views)},
                     {"test_crops", name == "val" ? "1" : std::to_string(options_.test_crops)},
                     {"ferv_version", std::string(version())}};
    evaluation::write_results(folder.results(name), results);
  }

  void load_written_weights(const RunFolder& folder, const std::string& name) {
    if (folder.is_writer())
      weights::load_state(model_->module(), weights::read_safetensors(folder.weights(name)));
    broadcast_all(communicator_, weights::state_of(model_->module()));
  }

  /// The test split, once with the last and once with the best weights.
  void finish(RunFolder& folder, TrainOutcome& outcome) {
    load_written_weights(folder, "last");
    EvaluationOptions views;
    views.view_count = options_.test_views;
    views.crop_count = options_.test_crops;
    outcome.test_last = evaluate_on(test_clips_, "test, last epoch", views);
    save_results(folder, "test_last", outcome.test_last, "last");
    if (outcome.best_epoch == progress_.epoch) {
      outcome.test_best = outcome.test_last;
    } else {
      load_written_weights(folder, "best");
      outcome.test_best = evaluate_on(test_clips_, "test, best epoch", views);
    }
    save_results(folder, "test", outcome.test_best, "best");
    if (folder.is_writer()) {
      evaluation::write_frame_weights(
          folder.results("test"),
          frame_weights_of(*model_, index_, outcome.test_best, completed(EvaluationOptions()), observer_));
    }
    folder.write_report(observer_);
    folder.log("finished", fmt::format("{} epochs, best {}", progress_.epoch, outcome.best_epoch));
  }

  TrainOptions options_;
  data::ClipIndex index_;
  const Observer& observer_;
  nn::Communicator& communicator_;
  torch::Device device_;
  nn::Precision precision_;
  LossScale loss_scale_;
  std::vector<std::size_t> training_clips_;
  data::Split selection_split_;
  std::vector<std::size_t> selection_clips_;
  std::vector<std::size_t> test_clips_;
  std::unique_ptr<models::Model> model_;
  std::unique_ptr<GradientSum> gradient_sum_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<LearningParts> learning_parts_;
  LossOptions loss_;
  std::unique_ptr<BatchPass> pass_;
  std::unique_ptr<WeightAverage> average_;  ///< null without ema_decay
  std::unique_ptr<data::BatchLoader> loader_;
  Progress progress_;
  double learning_rate_ = 0;       ///< of the last step
  std::int64_t clips_before_ = 0;  ///< of this epoch that another process has trained on, for the rate
  double evaluation_s_ = 0;        ///< of the last validation
  double step_loss_ = 0;           ///< of the last step, mean over its clips
  std::int64_t bad_before_ = 0;    ///< bad clips of this epoch that another process has met
  std::size_t bad_logged_ = 0;     ///< of those of this process
  evaluation::ConfusionMatrix confusion_;
};

TrainOutcome begin_run(const TrainOptions& given, const std::filesystem::path& run, const Observer& observer,
                       nn::Communicator& communicator) {
  const TrainOptions options = with_absolute_paths(resolved(given, communicator));
  validate(options);
  require_starting_weights(options);
  Trainer trainer(options, read_data(options, observer), observer, communicator);
  const std::vector<std::string> start = trainer.begin_weights();
  trainer.begin_average();
  trainer.share_state();
  if (!communicator.is_first()) {
    RunFolder folder = RunFolder::of_another_process(run);
    return trainer.run(folder);
  }
  RunFolder folder = RunFolder::create(run);
  trainer.write_environment(folder);
  // Written last of the start: a folder with config.toml is a run that can be resumed.
  write_file_atomically(run / "config.toml", to_toml(options));
  folder.log("started", options.model);
  for (const std::string& line : start) folder.log("init_from", line);
  return trainer.run(folder);
}

/// Puts the newest usable checkpoint in place, or the run's beginning where there is none.
void restore_newest(Trainer& trainer, RunFolder& folder, const Observer& observer) {
  std::vector<std::string> skipped;
  const std::optional<Checkpoint> checkpoint = read_newest_checkpoint(folder.checkpoints(), skipped);
  for (const std::string& reason : skipped) observer.warn("checkpoint passed over: " + reason);
  if (checkpoint) {
    trainer.restore(*checkpoint);
    observer.log(fmt::format("going on after epoch {}, batch {}", checkpoint->progress.epoch,
                             checkpoint->progress.batch));
  } else {
    observer.log("no usable checkpoint: starting from the beginning");
    (void)trainer.begin_weights();
    trainer.begin_average();
  }
  folder.log("resumed",
             checkpoint ? fmt::format("step {}", checkpoint->progress.step) : "from the beginning");
}

TrainOutcome go_on_with(const std::filesystem::path& run, const Observer& observer,
                        nn::Communicator& communicator) {
  RunFolder folder = communicator.is_first() ? RunFolder::open(run) : RunFolder::of_another_process(run);
  TrainOptions options;
  apply_config_file(options, run / "config.toml");
  validate(options);
  Trainer trainer(options, read_data(options, observer), observer, communicator);
  if (folder.is_writer()) {
    restore_newest(trainer, folder, observer);
  } else {
    trainer.begin_average();
  }
  trainer.share_state();
  return trainer.run(folder);
}

}  // namespace

TrainOutcome train(const TrainOptions& options, const std::filesystem::path& run, const Observer& observer) {
  nn::Communicator alone;
  return begin_run(options, run, observer, alone);
}

TrainOutcome train(const TrainOptions& options, const std::filesystem::path& run, const Observer& observer,
                   nn::Communicator& communicator) {
  return nn::announcing_failure(communicator,
                                [&] { return begin_run(options, run, observer, communicator); });
}

TrainOutcome resume(const std::filesystem::path& run, const Observer& observer) {
  nn::Communicator alone;
  return go_on_with(run, observer, alone);
}

TrainOutcome resume(const std::filesystem::path& run, const Observer& observer,
                    nn::Communicator& communicator) {
  return nn::announcing_failure(communicator, [&] { return go_on_with(run, observer, communicator); });
}

TrainOutcome train_or_resume(const TrainOptions& options, const std::filesystem::path& run,
                             const Observer& observer) {
  return std::filesystem::exists(run / "config.toml") ? resume(run, observer) : train(options, run, observer);
}

}  // namespace ferv::training
