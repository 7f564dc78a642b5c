// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/dry_run.h"

#include <torch/torch.h>

#include <algorithm>

#include "batch_pass.h"
#include "batch_tensors.h"
#include "evaluation_mode.h"
#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "ferv/base/stopwatch.h"
#include "ferv/models/summary.h"
#include "ferv/nn/communicator.h"
#include "ferv/nn/device.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/weights/named_tensors.h"
#include "learning_parts.h"
#include "loader_settings.h"
#include "loss_scale.h"
#include "noise_batch.h"
#include "optimizer.h"
#include "peak_memory.h"
#include "starting_weights.h"
#include "train_setup.h"

namespace ferv::training {
namespace {

constexpr std::size_t kTimedBatches = 5;
constexpr double kTimeLimit_s = 20;  ///< after which fewer batches have to do

std::int64_t bytes_of(const weights::NamedTensors& tensors) {
  std::int64_t bytes = 0;
  for (const auto& [name, tensor] : tensors.tensors)
    bytes += tensor.numel() * static_cast<std::int64_t>(tensor.element_size());
  return bytes;
}

/// The median of up to kTimedBatches calls of `work`, in seconds, after one that does not count.
template <typename Work>
double median_time(const Observer& observer, std::size_t& count, Work&& work) {
  std::vector<double> times;
  const Stopwatch whole;
  work();
  while (times.empty() || (times.size() < kTimedBatches && whole.seconds() < kTimeLimit_s)) {
    if (observer.should_stop()) throw failed("stopped while rehearsing; nothing was written");
    const Stopwatch watch;
    work();
    times.push_back(watch.seconds());
  }
  count = times.size();
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

class Rehearsal {
 public:
  Rehearsal(const TrainOptions& options, const Observer& observer)
      : options_(options),
        observer_(observer),
        device_(nn::device_from_name(options.device)),
        precision_(nn::precision_from_name(options.precision, device_.type())),
        index_(read_data(options, observer)),
        training_clips_(data::clips_of(index_, data::Split::kTrain)) {
    if (training_clips_.empty()) throw corrupt_data(options.data, "no clip is left for training");
    nn::configure_runtime({.threads = options.threads});
    model_ = models::make_model(
        options.model, {.class_count = static_cast<int>(index_.classes.size()), .spec = spec_of(options)},
        derive_seed(static_cast<std::uint64_t>(options.seed), "weights"));
    nn::move_to(model_->module(), device_);
    if (!options.init_from.empty()) {
      for (const std::string& line : to_lines(start_from(*model_, options.init_from)))
        observer.log(options.init_from + ": " + line);
    }
  }

  DryRun run() {
    count_clips();
    count_model();
    time_loader();
    time_model();
    estimate();
    return result_;
  }

 private:
  void count_clips() {
    const data::Split selection =
        options_.protocol == "clean" ? data::Split::kValidation : data::Split::kTest;
    result_.training_clips = training_clips_.size();
    result_.selection_clips = data::clips_of(index_, selection).size();
    result_.test_clips = data::clips_of(index_, data::Split::kTest).size();
    result_.selection_split = data::to_string(selection);
  }

  void count_model() {
    const models::ModelSummary summary = models::summarise(*model_);
    result_.model = options_.model;
    result_.clip_spec = to_string(spec_of(options_));
    result_.precision = options_.precision;
    result_.threads = options_.threads;
    result_.parameter_count = summary.parameter_count;
    result_.mac_count = summary.mac_count;
    TrainingMemory& memory = result_.memory;
    memory.weights = bytes_of(weights::state_of(model_->module()));
    const std::int64_t outputs = summary.activation_bytes * options_.batch_size;
    memory.layer_outputs = precision_ == nn::Precision::kFloat32 ? outputs : outputs / 2;
    for (const torch::Tensor& parameter : model_->module().parameters())
      memory.average += options_.ema_decay > 0 ? static_cast<std::int64_t>(parameter.nbytes()) : 0;
  }

  void time_loader() {
    const nn::Communicator alone;
    data::BatchLoader loader(index_, training_clips_,
                             loader_options(options_, training_clips_.size(), alone));
    result_.batches_per_epoch = static_cast<std::int64_t>(loader.batches_per_epoch());
    result_.steps_per_epoch =
        (result_.batches_per_epoch + options_.accumulate_batches - 1) / options_.accumulate_batches;
    loader.start_epoch(0);
    const Stopwatch watch;
    std::size_t clips = 0;
    for (std::size_t batch = 0; batch < kTimedBatches && watch.seconds() < kTimeLimit_s; ++batch) {
      const data::Batch* next = loader.next();
      if (next == nullptr) break;
      if (observer_.should_stop()) throw failed("stopped while rehearsing; nothing was written");
      clips += next->size();
    }
    result_.loader_clips_per_s = static_cast<double>(clips) / watch.seconds();
  }

  void time_model() {
    const ClipSpec spec = spec_of(options_);
    const data::Batch batch = noise_batch({.spec = spec,
                                           .stream_count = model_->stream_count(),
                                           .clip_count = options_.batch_size,
                                           .class_count = index_.classes.size(),
                                           .seed = static_cast<std::uint64_t>(options_.seed),
                                           .memory = &nn::memory_for_copies_to(device_)});
    // Bytes of every batch that the loader holds, and the floats of one.
    const auto held = static_cast<std::int64_t>(data::LoaderOptions().prefetch_batches) + 1;
    for (const auto& pixels : batch.streams)
      result_.memory.input += static_cast<std::int64_t>(pixels.size()) * (held + 4);
    const auto optimizer = make_optimizer(model_->module().parameters(), options_);
    const LearningParts parts(options_, model_->module());
    optimizer->set_rate_factors(parts.rate_factors());
    model_->module().train();
    parts.begin_epoch(0);
    const auto forward = [&] {
      const nn::AutocastScope autocast(precision_, device_.type());
      return model_->forward(clips_of(batch, spec, device_));
    };
    const LossScale loss_scale(options_.loss_scaling, precision_);
    BatchPass pass(
        *model_, loss_scale,
        {.precision = precision_,
         .loss = {.label_smoothing = options_.label_smoothing, .focal_gamma = options_.focal_gamma}});
    result_.batch_s = median_time(observer_, result_.timed_batches, [&] {
      optimizer->zero_gradients();
      (void)pass.forward(batch);
      pass.backward(/*share=*/1.0);
      if (options_.gradient_clip_norm > 0) optimizer->clip_gradients(options_.gradient_clip_norm);
      optimizer->step(0.0);
      nn::wait_for(device_);
    });
    for (const torch::Tensor& parameter : model_->module().parameters()) {
      if (!parameter.grad().defined()) continue;
      result_.learning_count += parameter.numel();
      result_.memory.gradients += static_cast<std::int64_t>(parameter.grad().nbytes());
    }
    result_.memory.optimizer = bytes_of(optimizer->state());
    result_.peak_process_bytes = peak_process_bytes();

    const c10::InferenceMode inference;
    const EvaluationMode mode(model_->module());
    std::size_t count = 0;
    result_.evaluation_batch_s = median_time(observer_, count, [&] {
      (void)forward();
      nn::wait_for(device_);
    });
  }

  void estimate() {
    const double batch_size = options_.batch_size;
    result_.model_clips_per_s = batch_size / result_.batch_s;
    const double decoding_s = 1 / result_.loader_clips_per_s;
    const double evaluation_s = result_.evaluation_batch_s / batch_size + decoding_s;
    const double seen = static_cast<double>(result_.batches_per_epoch) * batch_size;
    result_.epoch_s = seen * (1 / result_.model_clips_per_s + decoding_s) +
                      static_cast<double>(result_.selection_clips) * evaluation_s;
    // The test split once with the last weights and once with the best, in every view.
    const double tests = 2.0 * options_.test_views * options_.test_crops;
    result_.run_s =
        options_.epochs * result_.epoch_s + tests * static_cast<double>(result_.test_clips) * evaluation_s;
  }

  const TrainOptions& options_;
  const Observer& observer_;
  torch::Device device_;
  nn::Precision precision_;
  data::ClipIndex index_;
  std::vector<std::size_t> training_clips_;
  std::unique_ptr<models::Model> model_;
  DryRun result_;
};

}  // namespace

DryRun dry_run(const TrainOptions& given, const Observer& observer) {
  nn::Communicator alone;
  const TrainOptions options = resolved(given, alone);
  validate(options);
  require_starting_weights(options);
  return Rehearsal(options, observer).run();
}

}  // namespace ferv::training
