// SPDX-License-Identifier: Apache-2.0
// A run on a GPU: in every precision it learns, and its weights answer on the processor as they did there.
#include <torch/torch.h>

#include "ferv/evaluation/metrics.h"
#include "ferv/nn/device.h"
#include "ferv/training/evaluator.h"
#include "ferv/training/trainer.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

class TrainOnGpu : public testing::TestWithParam<std::string> {};

TrainOptions gpu_options(const test::TemporaryFolder& folder) {
  TrainOptions options;
  options.data = (folder / "data").string();
  options.frames = 4;
  options.segments = 2;
  options.height = 32;
  options.width = 32;
  options.epochs = 6;
  options.batch_size = 8;
  options.validation_fraction = 0.3;
  options.gradient_clip_norm = 5;
  options.device = "cuda";
  options.precision = TrainOnGpu::GetParam();
  return options;
}

TEST_P(TrainOnGpu, LearnsAndItsWeightsAnswerOnTheProcessorToo) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data");
  const TrainOutcome outcome = train(gpu_options(folder), folder / "run", {});
  EXPECT_GT(evaluation::war(evaluation::confusion_matrix(outcome.test_best)), 0.4);

  LoadedModel loaded = load_model(folder / "run/weights/best.safetensors");
  EXPECT_EQ(nn::device_of(loaded.model->module()), torch::Device(torch::kCPU));
}

TEST_P(TrainOnGpu, LearnsWithCudaGraphsToo) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data");
  TrainOptions options = gpu_options(folder);
  options.cuda_graphs = true;
  options.batch_size = 4;  // more batches an epoch than are rehearsed
  const TrainOutcome outcome = train(options, folder / "run", {});
  EXPECT_GT(evaluation::war(evaluation::confusion_matrix(outcome.test_best)), 0.4);
}

INSTANTIATE_TEST_SUITE_P(Precisions, TrainOnGpu, testing::Values("fp32", "bf16", "fp16"),
                         [](const auto& precision) { return precision.param; });

}  // namespace
}  // namespace ferv::training
