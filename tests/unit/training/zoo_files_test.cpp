// SPDX-License-Identifier: Apache-2.0
// Every network of the zoo goes into a file and comes back with the same logits.
#include <torch/torch.h>

#include <algorithm>

#include "ferv/data/labels.h"
#include "ferv/training/evaluator.h"
#include "ferv/weights/named_tensors.h"
#include "matchers.h"
#include "model_metadata.h"

namespace ferv::training {
namespace {

class ZooFile : public testing::TestWithParam<std::string> {};

TEST_P(ZooFile, KeepsTheLogitsAndRefusesAnotherNumberOfClasses) {
  const torch::NoGradGuard no_grad;
  const test::TemporaryFolder folder;
  const models::ModelCard& row = models::card(GetParam());
  const ClipSpec spec{.frame_count = std::max(2, row.smallest_input.frame_count),
                      .height_px = std::max(32, row.smallest_input.height_px),
                      .width_px = std::max(32, row.smallest_input.width_px)};
  const auto model = models::make_model(row.id, {.class_count = 7, .spec = spec}, 6);
  ModelMetadata metadata;
  metadata.model = row.id;
  metadata.classes.assign(data::expression_names().begin(), data::expression_names().end());
  metadata.spec = spec;
  weights::NamedTensors state = weights::state_of(model->module());
  state.metadata = to_metadata(metadata);
  weights::write_safetensors(folder / "w.safetensors", state);

  torch::manual_seed(1);
  std::vector<torch::Tensor> clips;
  for (int i = 0; i < model->stream_count(); ++i)
    clips.push_back(torch::rand({1, 3, spec.frame_count, spec.height_px, spec.width_px}));
  model->module().eval();
  const torch::Tensor wanted = model->forward(clips);
  const LoadedModel loaded = load_model(folder / "w.safetensors");
  loaded.model->module().eval();
  const torch::Tensor found = loaded.model->forward(clips);
  // Loading puts weights into channels-last memory, which may add in another order.
  EXPECT_LT((found - wanted).abs().max().item<double>(), 1e-5 * (1 + wanted.abs().max().item<double>()));

  const auto other = models::make_model(row.id, {.class_count = 5, .spec = spec}, 6);
  test::expect_error(ErrorKind::kIncompatible,
                     testing::AllOf(testing::HasSubstr("[7"), testing::HasSubstr("wanted [5")),
                     [&] { weights::load_state(other->module(), state); });
}

std::vector<std::string> network_ids() {
  std::vector<std::string> ids;
  for (const models::ModelCard& row : models::zoo()) {
    if (row.architecture.empty()) ids.push_back(row.id);
  }
  return ids;
}

INSTANTIATE_TEST_SUITE_P(Zoo, ZooFile, testing::ValuesIn(network_ids()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace ferv::training
