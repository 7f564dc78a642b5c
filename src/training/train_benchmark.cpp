// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/train_benchmark.h"

#include <torch/torch.h>

#include <vector>

#include "arithmetic_floor.h"
#include "batch_pass.h"
#include "ferv/base/error.h"
#include "ferv/base/median.h"
#include "ferv/base/stopwatch.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/device.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/training/options.h"
#include "loss_scale.h"
#include "noise_batch.h"
#include "optimizer.h"
#include "peak_memory.h"

namespace ferv::training {
namespace {

constexpr int kClassCount = 7;

/// A recorded step is one after those that are rehearsed.
int warm_up_steps(const TrainBenchmarkOptions& options) {
  return options.cuda_graphs ? 6 : 2;
}

/// A row with an optimiser and a batch of noise.
class NoiseTraining {
 public:
  explicit NoiseTraining(const TrainBenchmarkOptions& options)
      : device_(nn::device_from_name(options.device)),
        precision_(nn::precision_from_name(options.precision, device_.type())),
        loss_scale_("auto", precision_) {
    const models::ModelCard& card = models::card(options.model);
    model_ = models::make_model(options.model, {.class_count = kClassCount, .spec = card.spec}, /*seed=*/0);
    nn::move_to(model_->module(), device_);
    TrainOptions settings;
    settings.optimizer = "sgd";
    optimizer_ = make_optimizer(model_->module().parameters(), settings);
    batch_ = noise_batch({.spec = card.spec,
                          .stream_count = model_->stream_count(),
                          .clip_count = options.batch_size,
                          .class_count = kClassCount,
                          .memory = &nn::memory_for_copies_to(device_)});
    model_->module().train();
    pass_ = std::make_unique<BatchPass>(
        *model_, loss_scale_,
        BatchPassOptions{.precision = precision_,
                         .recorder = options.cuda_graphs ? nn::make_graph_recorder(device_) : nullptr});
  }

  void step() {
    optimizer_->zero_gradients();
    (void)pass_->forward(batch_);
    pass_->backward(/*share=*/1.0);
    update_weights(*optimizer_, loss_scale_, /*clip_norm=*/5.0, /*learning_rate=*/1e-4);
    nn::wait_for(device_);
  }

  [[nodiscard]] models::Model& model() { return *model_; }
  [[nodiscard]] torch::Device device() const { return device_; }
  [[nodiscard]] nn::Precision precision() const { return precision_; }

 private:
  torch::Device device_;
  nn::Precision precision_;
  LossScale loss_scale_;
  std::unique_ptr<models::Model> model_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<BatchPass> pass_;
  data::Batch batch_;
};

}  // namespace

TrainBenchmark benchmark_training(const TrainBenchmarkOptions& options, const Observer& observer) {
  nn::configure_runtime({.threads = options.threads});
  NoiseTraining training(options);
  TrainBenchmark result;
  result.model = options.model;
  result.spec = training.model().options().spec;
  result.device = training.device().str();
  result.precision = nn::to_string(training.precision());
  result.batch_size = options.batch_size;
  result.threads = nn::runtime_facts().threads;
  for (int i = 0; i < warm_up_steps(options); ++i) training.step();
  result.peak_process_bytes = peak_process_bytes();
  ArithmeticFloor floor(training.model(), options.batch_size);
  const auto run_floor = [&] {
    floor.run();
    nn::wait_for(training.device());
  };
  run_floor();
  std::vector<double> step_s;
  std::vector<double> floor_s;
  std::vector<double> ratios;
  for (int round = 0; round < options.rounds; ++round) {
    if (observer.should_stop()) throw failed("stopped while measuring");
    const Stopwatch step_watch;
    training.step();
    step_s.push_back(step_watch.seconds());
    const Stopwatch floor_watch;
    run_floor();
    floor_s.push_back(floor_watch.seconds());
    ratios.push_back(floor_s.back() / step_s.back());
    observer.progress({"measure " + options.model, static_cast<std::uint64_t>(round) + 1,
                       static_cast<std::uint64_t>(options.rounds), "rounds", ""});
  }
  result.clips_per_s = options.batch_size / median(step_s);
  result.floor_clips_per_s = options.batch_size / median(floor_s);
  result.of_floor = median(ratios);
  return result;
}

}  // namespace ferv::training
