// SPDX-License-Identifier: Apache-2.0
// Every network can learn eight clips by heart: a wrong gradient or a dead layer would keep it from that.
#include <torch/torch.h>

#include "small_rows.h"

namespace ferv::models {
namespace {

class ZooNetwork : public testing::TestWithParam<std::string> {};

TEST_P(ZooNetwork, LearnsEightClipsByHeart) {
  constexpr int kClips = 8;
  constexpr int kStepsAtMost = 200;
  torch::manual_seed(2);
  at::set_num_threads(2);
  const auto model =
      make_model(GetParam(), {.class_count = 4, .spec = test::small_spec(card(GetParam()))}, 3);
  model->module().train();
  // Dropout keeps networks from just this.
  for (const auto& layer : model->module().modules()) {
    if (layer->as<torch::nn::DropoutImpl>() != nullptr) layer->eval();
  }
  const test::Streams clips = test::clips(*model, kClips);
  const torch::Tensor labels = torch::arange(kClips).remainder(4);
  torch::optim::Adam optimizer(model->module().parameters(), torch::optim::AdamOptions(2e-4));
  double loss_value = 0;
  std::int64_t right = 0;
  for (int step = 0; step < kStepsAtMost; ++step) {
    optimizer.zero_grad();
    const torch::Tensor logits = model->forward(clips);
    right = logits.argmax(1).eq(labels).sum().item<std::int64_t>();
    const torch::Tensor loss = torch::nn::functional::cross_entropy(logits, labels);
    loss_value = loss.item<double>();
    if (right == kClips && loss_value < 0.2) return;
    loss.backward();
    optimizer.step();
  }
  FAIL() << right << " of " << kClips << " clips right, loss " << loss_value << " after " << kStepsAtMost
         << " steps";
}

INSTANTIATE_TEST_SUITE_P(Zoo, ZooNetwork, testing::ValuesIn(test::network_ids()), test::test_name);

}  // namespace
}  // namespace ferv::models
