// SPDX-License-Identifier: Apache-2.0
// Trains a model on given batches with the parts of `ferv train`, and prints each step's loss: what the
// parity test holds against a Python script.
//   ferv_training_steps WEIGHTS.safetensors CLIPS.npy LABELS.npy SETTINGS.toml STEPS
#include <torch/torch.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "ferv/base/npy.h"
#include "ferv/nn/layout.h"
#include "ferv/nn/runtime.h"
#include "ferv/training/evaluator.h"
#include "ferv/training/options.h"
#include "loss.h"
#include "optimizer.h"

namespace ferv::training {
namespace {

struct Arguments {
  std::string weights;
  std::string clips;   ///< float32 [N, 3, T, H, W], normalised
  std::string labels;  ///< float32 [N]
  std::string settings;
  std::int64_t steps = 0;
};

torch::Tensor tensor_of(const std::string& path) {
  const NpyArray array = read_npy(path);
  return torch::from_blob(const_cast<float*>(array.values.data()), array.shape, torch::kFloat32).clone();
}

void run(const Arguments& arguments) {
  TrainOptions options;
  apply_config_file(options, arguments.settings);
  nn::configure_runtime({.threads = options.threads});
  const LoadedModel loaded = load_model(arguments.weights);
  models::Model& model = *loaded.model;
  nn::use_channels_last(model.module());
  model.module().train();
  const auto optimizer = make_optimizer(model.module().parameters(), options);
  const torch::Tensor clips = tensor_of(arguments.clips);
  const torch::Tensor labels = tensor_of(arguments.labels).to(torch::kInt64);
  const LossOptions criterion{.label_smoothing = options.label_smoothing};
  const std::int64_t batch_count = clips.size(0) / options.batch_size;
  for (std::int64_t step = 0; step < arguments.steps; ++step) {
    const std::int64_t first = step % batch_count * options.batch_size;
    const std::vector<torch::Tensor> streams = {clips.narrow(0, first, options.batch_size)};
    optimizer->zero_gradients();
    const torch::Tensor loss =
        classification_loss(model.forward(streams), labels.narrow(0, first, options.batch_size), criterion);
    loss.backward();
    if (options.gradient_clip_norm > 0) optimizer->clip_gradients(options.gradient_clip_norm);
    optimizer->step(options.learning_rate);
    std::printf("%.9g\n", loss.item<double>());
  }
}

}  // namespace
}  // namespace ferv::training

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: ferv_training_steps WEIGHTS CLIPS LABELS SETTINGS STEPS\n", stderr);
    return 2;
  }
  try {
    ferv::training::run({argv[1], argv[2], argv[3], argv[4], std::stoll(argv[5])});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
