// SPDX-License-Identifier: Apache-2.0
// The contract that every row of the zoo keeps, without a line of its own.
#include "ferv/models/zoo.h"

#include <torch/torch.h>

#include <algorithm>
#include <functional>
#include <set>

#include "ferv/nn/batch_norm.h"
#include "ferv/nn/precision.h"
#include "matchers.h"
#include "small_rows.h"

namespace ferv::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using test::clips;
using test::small_spec;
using test::Streams;

template <typename Change>
Streams changed(Streams streams, const Change& change) {
  for (torch::Tensor& stream : streams) stream = change(stream);
  return streams;
}

torch::Tensor logits(Model& model, const Streams& streams) {
  const torch::NoGradGuard no_grad;
  return model.forward(streams);
}

/// Gives normalisations the statistics of random clips: with those they start from, the signal of a deep
/// network with small first weights fades to nothing in evaluation.
void settle_statistics(Model& model) {
  std::vector<std::pair<double, std::function<void(double)>>> momenta;
  const auto collect = [&](auto* layer) {
    if (layer == nullptr) return;
    momenta.emplace_back(*layer->options.momentum(),
                         [layer](double momentum) { layer->options.momentum(momentum); });
  };
  for (const auto& layer : model.module().modules()) {
    collect(layer->as<nn::BatchNormImpl>());
  }
  if (momenta.empty()) return;
  for (const auto& [momentum, set] : momenta) set(1.0);
  model.module().train();
  (void)logits(model, clips(model, 4));
  model.module().eval();
  for (const auto& [momentum, set] : momenta) set(momentum);
}

void expect_logits(const torch::Tensor& output, std::int64_t batch, int class_count) {
  EXPECT_EQ(output.sizes().vec(), (std::vector<std::int64_t>{batch, class_count}));
  EXPECT_EQ(output.scalar_type(), torch::kFloat32);
  EXPECT_TRUE(output.isfinite().all().item<bool>());
}

/// How far two outputs are apart, measured by the size of the first.
double relative_distance(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).abs().max() / a.abs().max()).item<double>();
}

void expect_what_evaluation_promises(Model& model, bool frame_order_matters) {
  const Streams two = clips(model, 2);
  const Streams second = changed(two, [](const torch::Tensor& stream) { return stream.slice(0, 1, 2); });
  const torch::Tensor together = logits(model, two);
  const torch::Tensor alone = logits(model, second);
  expect_logits(together, 2, 7);
  expect_logits(alone, 1, 7);
  EXPECT_TRUE(torch::equal(alone, logits(model, second)));
  EXPECT_LT(relative_distance(alone[0], together[1]), 1e-4);
  EXPECT_GT(relative_distance(together[0], together[1]), 1e-3) << "clips must not look alike";

  const double change = relative_distance(
      alone, logits(model, changed(second, [](const torch::Tensor& stream) { return stream.flip(2); })));
  if (frame_order_matters) {
    EXPECT_GT(change, 1e-3);
  } else {
    EXPECT_LT(change, 1e-4);
  }
  {
    // No more than that it computes: on random clips rounding moves the logits of untrained deep networks
    // far.
    const nn::AutocastScope autocast(nn::Precision::kBFloat16);
    expect_logits(logits(model, second), 1, 7);
  }
  for (std::size_t i = 0; i < second.size(); ++i) {
    Streams other = second;
    other[i] = 1 - other[i];
    EXPECT_GT(relative_distance(alone, logits(model, other)), 1e-3) << "stream " << i;
  }
}

/// A clip's logits are those of its frames' features, in whatever batches they were looked at.
void expect_frames_stand_alone(Model& model) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor clip = clips(model, 1)[0];
  if (!model.is_framewise()) {
    ferv::test::expect_error(ErrorKind::kUnsupported, HasSubstr("whole clips"),
                             [&] { (void)model.frame_features(clip[0]); });
    ferv::test::expect_error(ErrorKind::kUnsupported, HasSubstr("whole clips"),
                             [&] { (void)model.join_frames(clip[0]); });
    return;
  }
  std::vector<torch::Tensor> features;
  for (std::int64_t t = 0; t < clip.size(2); ++t) features.push_back(model.frame_features(clip.select(2, t)));
  const torch::Tensor joined = model.join_frames(torch::stack(features, 1));
  expect_logits(joined, 1, 7);
  EXPECT_LT(relative_distance(joined, logits(model, {clip})), 1e-4);
  ferv::test::expect_error(ErrorKind::kIncompatible, HasSubstr("wanted float [N, 3, "),
                           [&] { (void)model.frame_features(clip); });
  ferv::test::expect_error(ErrorKind::kIncompatible, HasSubstr("wanted float [B, "),
                           [&] { (void)model.join_frames(features[0]); });
}

/// Leaves the model as one for inference only.
void expect_folding_changes_nothing(Model& model) {
  const Streams two = clips(model, 2);
  const torch::Tensor before = logits(model, two);
  std::size_t norm_count = 0;
  for (const auto& layer : model.module().modules())
    norm_count += layer->as<nn::BatchNormImpl>() != nullptr ? 1 : 0;
  EXPECT_EQ(nn::fold_batch_norms(model.module()), static_cast<int>(norm_count)) << "all of them";
  EXPECT_LT(relative_distance(before, logits(model, two)), 1e-3);
  model.prepare_for_inference(nn::Precision::kFloat32);
  EXPECT_LT(relative_distance(before, logits(model, two)), 1e-3);
}

void expect_gradients_everywhere(Model& model) {
  model.module().train();
  const torch::Tensor output = model.forward(clips(model, 2));
  expect_logits(output, 2, model.options().class_count);
  torch::nn::functional::cross_entropy(output, torch::tensor({1, 0})).backward();
  for (const auto& item : model.module().named_parameters()) {
    ASSERT_TRUE(item.value().grad().defined()) << item.key();
    EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
    EXPECT_GT(item.value().grad().abs().max().item<double>(), 0.0) << item.key();
  }
}

void expect_other_inputs_refused(Model& model) {
  const std::string id = "wanted float [B, 3, ";
  const torch::Tensor right = clips(model, 1)[0];
  const auto refused = [&](const torch::Tensor& stream, const std::string& found) {
    const Streams streams(static_cast<std::size_t>(model.stream_count()), stream);
    ferv::test::expect_error(ErrorKind::kIncompatible, AllOf(HasSubstr(found), HasSubstr(id)),
                             [&] { (void)logits(model, streams); });
  };
  std::vector<std::int64_t> shape = right.sizes().vec();
  shape[1] = 4;
  refused(torch::rand(shape), "[1, 4, ");
  shape = right.sizes().vec();
  ++shape[2];
  refused(torch::rand(shape), "[1, 3, " + std::to_string(shape[2]) + ", ");
  refused(right[0], "input is [3, ");
  refused(right.to(torch::kLong), " Long");
  refused(right.slice(0, 0, 0), "[0, 3, ");
  const Streams five(5, right);
  ferv::test::expect_error(ErrorKind::kIncompatible,
                           HasSubstr("5 input streams, wanted " + std::to_string(model.stream_count())),
                           [&] { (void)logits(model, five); });
}

bool has_same_state(Model& a, Model& b) {
  const auto left = a.module().parameters();
  const auto right = b.module().parameters();
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const torch::Tensor& x, const torch::Tensor& y) { return torch::equal(x, y); });
}

/// One test a row and not one a property: the largest rows have 145 million weights to draw.
class ZooRow : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] const ModelCard& row() const { return card(GetParam()); }
  [[nodiscard]] std::unique_ptr<Model> make(int class_count, std::uint64_t seed) const {
    auto model = make_model(GetParam(), {.class_count = class_count, .spec = small_spec(row())}, seed);
    model->module().eval();
    return model;
  }
};

TEST_P(ZooRow, KeepsTheContract) {
  torch::manual_seed(3);
  const auto model = make(7, 5);
  EXPECT_EQ(count_parameters(*model), row().parameter_count);
  settle_statistics(*model);
  expect_what_evaluation_promises(*model, row().frame_order_matters);
  expect_other_inputs_refused(*model);
  expect_frames_stand_alone(*model);
  expect_folding_changes_nothing(*model);
}

TEST_P(ZooRow, PreparedForInferenceInBfloat16SaysWhatItSaidInFloat32) {
  torch::manual_seed(8);
  const auto model = make(7, 5);
  settle_statistics(*model);
  const Streams two = clips(*model, 2);
  const torch::Tensor exact = torch::softmax(logits(*model, two), 1);
  const nn::AutocastScope autocast(nn::Precision::kBFloat16);
  const torch::Tensor rounded = torch::softmax(logits(*model, two), 1);
  model->prepare_for_inference(nn::Precision::kBFloat16);
  const torch::Tensor found = torch::softmax(logits(*model, two), 1);
  // Untrained networks of many layers carry a rounding far: how far, bf16 without preparation says.
  const double unprepared = (rounded - exact).abs().max().item<double>();
  EXPECT_LT((found - exact).abs().max().item<double>(), 3 * unprepared + 0.1);
}

TEST_P(ZooRow, IsReproducibleFromItsSeedAndTrainsEveryParameterForAnyNumberOfClasses) {
  torch::manual_seed(9);
  const torch::Tensor expected = torch::rand({4});
  torch::manual_seed(9);
  const auto model = make(2, 5);
  EXPECT_TRUE(torch::equal(torch::rand({4}), expected)) << "the global stream of random numbers moved";
  EXPECT_TRUE(has_same_state(*model, *make(2, 5)));
  expect_gradients_everywhere(*model);
}

INSTANTIATE_TEST_SUITE_P(Zoo, ZooRow, testing::ValuesIn(test::row_ids()), test::test_name);

TEST(Zoo, HasTwentyRowsAndNoIdTwice) {
  const auto all = test::row_ids();
  EXPECT_EQ(all.size(), 20U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST(Zoo, RefusesSizesAndClassesThatARowIsNotMadeFor) {
  for (const ModelCard& row : zoo()) {
    const auto refused = [&](const ModelOptions& options, const std::string& found) {
      ferv::test::expect_error(ErrorKind::kInvalidArgument, AllOf(HasSubstr(found), HasSubstr(", wanted ")),
                               [&] { (void)make_model(row.id, options, 1); });
    };
    const ClipSpec spec = small_spec(row);
    refused({.class_count = 1, .spec = spec}, "class count is 1");
    ClipSpec low = spec;
    low.height_px = row.smallest_input.height_px - 1;
    refused({.spec = low}, "height is " + std::to_string(low.height_px));
    ClipSpec long_clip = spec;
    long_clip.frame_count = row.largest_input.frame_count + 1;
    refused({.spec = long_clip}, "frames is " + std::to_string(long_clip.frame_count));
  }
}

TEST(Zoo, SuggestsTheNearestId) {
  ferv::test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("did you mean 'r18_lstm'"),
                           [] { (void)card("r18-lstm"); });
}

TEST(Zoo, NamesTheNetworkAndTheWeightsThatPreTrainedRowsNeed) {
  for (const ModelCard& entry : zoo()) {
    EXPECT_EQ(entry.pretrained.empty(), entry.starts_from.empty()) << entry.id;
    EXPECT_EQ(entry.pretrained.empty(), entry.architecture.empty()) << entry.id;
    if (!entry.architecture.empty()) {
      EXPECT_EQ(card(entry.architecture).parameter_count, entry.parameter_count);
    }
  }
}

TEST(Zoo, KeepsTheDefaultInputWithinTheLimits) {
  for (const ModelCard& entry : zoo()) {
    EXPECT_GE(entry.spec.frame_count, entry.smallest_input.frame_count) << entry.id;
    EXPECT_LE(entry.spec.frame_count, entry.largest_input.frame_count) << entry.id;
    EXPECT_GE(entry.spec.height_px, entry.smallest_input.height_px) << entry.id;
    EXPECT_LE(entry.spec.width_px, entry.largest_input.width_px) << entry.id;
  }
}

}  // namespace
}  // namespace ferv::models
