// SPDX-License-Identifier: Apache-2.0
// Every network of the zoo goes into a file and comes back with the same logits.
#include <torch/torch.h>

#include "ferv/data/labels.h"
#include "ferv/training/evaluator.h"
#include "ferv/weights/model_metadata.h"
#include "ferv/weights/named_tensors.h"
#include "matchers.h"
#include "small_rows.h"

namespace ferv::training {
namespace {

class ZooFile : public testing::TestWithParam<std::string> {};

TEST_P(ZooFile, KeepsTheLogitsAndRefusesAnotherNumberOfClasses) {
  const torch::NoGradGuard no_grad;
  const test::TemporaryFolder folder;
  const models::ModelCard& row = models::card(GetParam());
  const ClipSpec spec = models::test::small_spec(row);
  const auto model = models::make_model(row.id, {.class_count = 7, .spec = spec}, 6);
  weights::ModelMetadata metadata;
  metadata.model = row.id;
  metadata.classes.assign(data::expression_names().begin(), data::expression_names().end());
  metadata.spec = spec;
  metadata.sampling = weights::pairs_of(spec.frame_count);
  weights::NamedTensors state = weights::state_of(model->module());
  state.metadata = weights::to_metadata(metadata);
  weights::write_safetensors(folder / "w.safetensors", state);

  torch::manual_seed(1);
  const auto clips = models::test::clips(*model, 1);
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

INSTANTIATE_TEST_SUITE_P(Zoo, ZooFile, testing::ValuesIn(models::test::network_ids()),
                         models::test::test_name);

}  // namespace
}  // namespace ferv::training
