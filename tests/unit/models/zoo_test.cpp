// SPDX-License-Identifier: Apache-2.0
// The contract that every row of the zoo keeps, without a line of its own.
#include "ferv/models/zoo.h"

#include <torch/torch.h>

#include <set>

#include "matchers.h"

namespace ferv::models {
namespace {

using testing::HasSubstr;

constexpr ClipSpec kSmall{.frame_count = 4, .height_px = 32, .width_px = 32};

torch::Tensor clips(std::int64_t count, const ClipSpec& spec) {
  return torch::rand({count, 3, spec.frame_count, spec.height_px, spec.width_px});
}

torch::Tensor logits(Model& model, const torch::Tensor& input) {
  const torch::NoGradGuard no_grad;
  return model.forward(std::vector<torch::Tensor>(static_cast<std::size_t>(model.stream_count()), input));
}

class ZooRow : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] std::unique_ptr<Model> make(int class_count = 7, std::uint64_t seed = 1) const {
    auto model = make_model(GetParam(), {.class_count = class_count, .spec = kSmall}, seed);
    model->module().eval();
    return model;
  }
};

TEST_P(ZooRow, GivesFiniteLogitsForSeveralBatchAndClassCounts) {
  torch::manual_seed(1);
  for (const int class_count : {2, 7}) {
    const auto model = make(class_count);
    for (const std::int64_t batch : {1, 3}) {
      const torch::Tensor output = logits(*model, clips(batch, kSmall));
      EXPECT_EQ(output.sizes().vec(), (std::vector<std::int64_t>{batch, class_count}));
      EXPECT_EQ(output.scalar_type(), torch::kFloat32);
      EXPECT_TRUE(output.isfinite().all().item<bool>());
    }
  }
}

TEST_P(ZooRow, HasTheParametersOfItsCard) {
  EXPECT_EQ(count_parameters(*make()), card(GetParam()).parameter_count);
}

TEST_P(ZooRow, GivesEveryParameterAGradient) {
  torch::manual_seed(2);
  const auto model = make();
  model->module().train();
  const torch::Tensor input = clips(2, kSmall);
  const std::vector<torch::Tensor> streams(static_cast<std::size_t>(model->stream_count()), input);
  torch::nn::functional::cross_entropy(model->forward(streams), torch::tensor({1, 5})).backward();
  for (const auto& item : model->module().named_parameters()) {
    ASSERT_TRUE(item.value().grad().defined()) << item.key();
    EXPECT_GT(item.value().grad().abs().sum().item<double>(), 0.0) << item.key();
  }
}

TEST_P(ZooRow, EvaluatesEachRowOfABatchByItselfAndDeterministically) {
  torch::manual_seed(3);
  const auto model = make();
  const torch::Tensor input = clips(3, kSmall);
  const torch::Tensor together = logits(*model, input);
  EXPECT_TRUE(torch::equal(together, logits(*model, input)));
  const torch::Tensor alone = logits(*model, input.slice(0, 1, 2));
  EXPECT_LT((together[1] - alone[0]).abs().max().item<double>(), 1e-4);
}

TEST_P(ZooRow, SeesTheOrderOfFramesExactlyWhereTheCardSaysSo) {
  torch::manual_seed(4);
  const auto model = make();
  const torch::Tensor input = clips(2, kSmall);
  const double change = (logits(*model, input) - logits(*model, input.flip(2))).abs().max().item<double>();
  if (card(GetParam()).frame_order_matters) {
    EXPECT_GT(change, 1e-6);
  } else {
    EXPECT_LT(change, 1e-4);
  }
}

TEST_P(ZooRow, IsReproducibleFromItsSeedAndLeavesTheGlobalStreamAlone) {
  torch::manual_seed(9);
  const torch::Tensor expected = torch::rand({4});
  torch::manual_seed(9);
  const auto a = make(7, 5);
  EXPECT_TRUE(torch::equal(torch::rand({4}), expected));
  const auto b = make(7, 5);
  const auto c = make(7, 6);
  const torch::Tensor input = clips(1, kSmall);
  EXPECT_TRUE(torch::equal(logits(*a, input), logits(*b, input)));
  EXPECT_FALSE(torch::equal(logits(*a, input), logits(*c, input)));
}

TEST_P(ZooRow, RefusesOtherShapesWithBothValues) {
  const auto model = make();
  test::expect_error(ErrorKind::kIncompatible,
                     testing::AllOf(HasSubstr("[1, 3, 5, 32, 32]"), HasSubstr("[B, 3, 4, 32, 32]")), [&] {
                       (void)logits(*model, torch::rand({1, 3, 5, 32, 32}));
                     });
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("streams, wanted"),
                     [&] { (void)model->forward(std::vector<torch::Tensor>(5, clips(1, kSmall))); });
}

std::vector<std::string> ids() {
  std::vector<std::string> result;
  for (const ModelCard& entry : zoo()) result.push_back(entry.id);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Zoo, ZooRow, testing::ValuesIn(ids()), [](const auto& row) {
  std::string name = row.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(Zoo, HasNoIdTwice) {
  const auto all = ids();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST(Zoo, SuggestsTheNearestId) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("did you mean 'r18_lstm'"),
                     [] { (void)card("r18-lstm"); });
}

}  // namespace
}  // namespace ferv::models
