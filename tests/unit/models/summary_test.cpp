// SPDX-License-Identifier: Apache-2.0
#include "ferv/models/summary.h"

#include <torch/torch.h>

#include <algorithm>

#include "matchers.h"

namespace ferv::models {
namespace {

ModelOptions at(int frames, int side_px, int class_count) {
  return {.class_count = class_count,
          .spec = {.frame_count = frames, .height_px = side_px, .width_px = side_px}};
}

const LayerSummary& layer(const ModelSummary& summary, const std::string& name) {
  const auto found = std::find_if(summary.layers.begin(), summary.layers.end(),
                                  [&](const LayerSummary& one) { return one.name == name; });
  if (found == summary.layers.end()) throw std::out_of_range(name);
  return *found;
}

double billions(std::int64_t count) {
  return static_cast<double>(count) * 1e-9;
}

// torchvision's own figures for these networks at 1000 or 400 classes (its weights' `_ops`).
TEST(Summary, AgreesWithTorchvisionsPublishedCosts) {
  const ModelSummary resnet18 = summarise("resnet18", at(1, 224, 1000));
  EXPECT_NEAR(billions(resnet18.mac_count), 1.814, 0.001);
  EXPECT_EQ(resnet18.parameter_count, 11'689'512);
  const ModelSummary resnet50 = summarise("resnet50", at(1, 224, 1000));
  EXPECT_NEAR(billions(resnet50.mac_count), 4.089, 0.001);
  EXPECT_EQ(resnet50.parameter_count, 25'557'032);
  const ModelSummary r3d18 = summarise("r3d18", at(16, 112, 400));
  EXPECT_NEAR(billions(r3d18.mac_count), 40.697, 0.001);
  EXPECT_EQ(r3d18.parameter_count, 33'371'472);
}

TEST(Summary, CountsVggToTheLastProduct) {
  // Per stage: pixels x 9 x inputs x outputs, summed over its layers; then the three linear layers.
  const std::int64_t stages = 224LL * 224 * 9 * (3 * 64 + 64 * 64) +
                              112LL * 112 * 9 * (64 * 128 + 128 * 128) +
                              56LL * 56 * 9 * (128 * 256 + 2 * 256 * 256) +
                              28LL * 28 * 9 * (256 * 512 + 2 * 512 * 512) + 14LL * 14 * 9 * 3 * 512 * 512;
  const std::int64_t linear = 25088LL * 4096 + 4096LL * 4096 + 4096LL * 1000;
  const ModelSummary vgg16 = summarise("vgg16", at(1, 224, 1000));
  EXPECT_EQ(vgg16.mac_count, stages + linear);
  EXPECT_NEAR(billions(vgg16.mac_count), 15.47, 0.005);
  EXPECT_EQ(vgg16.parameter_count, 138'357'544);
}

TEST(Summary, NamesLayersInTheOrderInWhichTheyRun) {
  const ModelSummary summary = summarise("r18_lstm", at(4, 64, 7));
  EXPECT_EQ(summary.layers.front().name, "backbone.conv1");
  EXPECT_EQ(summary.layers.front().kind, "conv2d");
  EXPECT_EQ(summary.layers.front().output_shape, (std::vector<std::int64_t>{4, 64, 32, 32}));
  EXPECT_EQ(summary.layers[1].name, "backbone.bn1");
  EXPECT_EQ(summary.layers[1].kind, "batch_norm");
  EXPECT_EQ(summary.layers[1].mac_count, 0);
  EXPECT_EQ(summary.layers.back().name, "fc");
  EXPECT_EQ(summary.layers.back().output_shape, (std::vector<std::int64_t>{1, 7}));
  const LayerSummary& lstm = layer(summary, "lstm");
  EXPECT_EQ(lstm.kind, "lstm");
  EXPECT_EQ(lstm.output_shape, (std::vector<std::int64_t>{1, 4, 512}));
  EXPECT_EQ(lstm.mac_count, 4LL * 4 * 512 * (512 + 512));
}

TEST(Summary, CountsALayerThatTwoStreamsShareForBoth) {
  const ModelSummary summary = summarise("two_vgg13_lstm", at(2, 32, 7));
  const LayerSummary& fc6 = layer(summary, "classifier.0");
  EXPECT_EQ(fc6.output_shape, (std::vector<std::int64_t>{4, 4096}));
  EXPECT_EQ(fc6.mac_count, 4LL * 25088 * 4096);
  EXPECT_EQ(fc6.parameter_count, 25088LL * 4096 + 4096);
}

TEST(Summary, CountsActivationsOfAllLayersInFloat32) {
  const ModelSummary summary = summarise("c3d", at(16, 112, 7));
  const std::int64_t maps = 16 * 112 * 112 * 64 + 16 * 56 * 56 * 128 + 8 * 28 * 28 * 256 * 2 +
                            4 * 14 * 14 * 512 * 2 + 2 * 7 * 7 * 512 * 2;
  EXPECT_EQ(summary.activation_bytes, 4 * (maps + 4096 + 4096 + 7));
}

TEST(Summary, LeavesTheModelAsItWas) {
  const auto model = make_model("i3d", at(4, 32, 7), 1);
  std::vector<torch::Tensor> before;
  for (const torch::Tensor& buffer : model->module().buffers()) before.push_back(buffer.clone());
  model->module().train();
  (void)summarise(*model);
  EXPECT_TRUE(model->module().is_training());
  const auto after = model->module().buffers();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(torch::equal(before[i], after[i]));
  for (const torch::Tensor& parameter : model->module().parameters())
    EXPECT_FALSE(parameter.grad().defined());
}

TEST(Summary, HoldsEveryParameterOfARowOnceAndACostForEveryLayerThatMultiplies) {
  for (const ModelCard& row : zoo()) {
    if (!row.architecture.empty()) continue;
    const ClipSpec spec = {.frame_count = std::max(2, row.smallest_input.frame_count),
                           .height_px = std::max(32, row.smallest_input.height_px),
                           .width_px = std::max(32, row.smallest_input.width_px)};
    const ModelSummary summary = summarise(row.id, {.spec = spec});
    EXPECT_EQ(summary.parameter_count, row.parameter_count) << row.id;
    for (const LayerSummary& one : summary.layers) {
      EXPECT_EQ(one.mac_count == 0, one.kind == "batch_norm") << row.id << ": " << one.name;
      EXPECT_FALSE(one.output_shape.empty()) << row.id << ": " << one.name;
    }
  }
}

}  // namespace
}  // namespace ferv::models
