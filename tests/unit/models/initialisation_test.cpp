// SPDX-License-Identifier: Apache-2.0
// A silent difference in how weights start is what no shape test sees. Expected deviations are worked out
// from the formulas of torchvision and LibTorch, not from what this program does.
#include "initialisation.h"

#include <cmath>

#include "ferv/models/zoo.h"
#include "ferv/nn/batch_norm.h"
#include "matchers.h"

namespace ferv::models {
namespace {

struct Start {
  std::string parameter;
  double deviation;
};

/// The mean must be zero and the deviation right within what so many draws allow, five times over.
void expect_start(const torch::Tensor& values, const Start& start) {
  const double count = static_cast<double>(values.numel());
  const torch::Tensor sample = values.detach().to(torch::kFloat64);
  EXPECT_NEAR(sample.mean().item<double>(), 0.0, 5 * start.deviation / std::sqrt(count)) << start.parameter;
  EXPECT_NEAR(sample.std().item<double>(), start.deviation, 5 * start.deviation / std::sqrt(2 * count))
      << start.parameter;
}

void expect_starts(const std::string& row, const std::vector<Start>& starts) {
  const ClipSpec spec = card(row).spec;
  const auto model = make_model(row, {.class_count = 7, .spec = spec}, 3);
  const auto parameters = model->module().named_parameters();
  for (const Start& start : starts) expect_start(parameters[start.parameter], start);
}

/// kaiming_normal_(fan_out, relu).
double kaiming(int out_channels, int window_size) {
  return std::sqrt(2.0 / (out_channels * window_size));
}

/// LibTorch's default of linear layers, convolutions and LSTMs: uniform within 1 / sqrt(n).
double uniform(int n) {
  return 1.0 / std::sqrt(3.0 * n);
}

TEST(Initialisation, OfResNetIsTorchvisions) {
  expect_starts("resnet18", {{"conv1.weight", kaiming(64, 49)},
                             {"layer2.0.downsample.0.weight", kaiming(128, 1)},
                             {"layer4.1.conv2.weight", kaiming(512, 9)},
                             {"fc.weight", uniform(512)}});
}

TEST(Initialisation, OfVggIsTorchvisions) {
  expect_starts("vgg13_lstm", {{"backbone.features.0.weight", kaiming(64, 9)},
                               {"backbone.features.22.weight", kaiming(512, 9)},
                               {"backbone.classifier.0.weight", 0.01},
                               {"backbone.classifier.3.weight", 0.01},
                               {"projection.weight", uniform(4096)},
                               {"lstm.weight_ih_l0", uniform(512)},
                               {"lstm.weight_hh_l0", uniform(512)},
                               {"fc.weight", uniform(512)}});
}

TEST(Initialisation, OfC3dIsThatOfVgg) {
  expect_starts("c3d", {{"conv1.weight", kaiming(64, 27)},
                        {"conv5b.weight", kaiming(512, 27)},
                        {"fc6.weight", 0.01},
                        {"fc8.weight", 0.01}});
}

TEST(Initialisation, OfI3dIsLibTorchsDefault) {
  expect_starts("i3d", {{"Conv3d_1a_7x7.conv3d.weight", uniform(3 * 343)},
                        {"Mixed_4e.b1b.conv3d.weight", uniform(144 * 27)},
                        {"logits.conv3d.weight", uniform(1024)}});
}

TEST(Initialisation, OfR3d18IsTorchvisions) {
  expect_starts("r3d18", {{"stem.0.weight", kaiming(64, 147)},
                          {"layer3.0.downsample.0.weight", kaiming(256, 1)},
                          {"layer4.1.conv2.0.weight", kaiming(512, 27)},
                          {"fc.weight", 0.01}});
}

TEST(Initialisation, MakesNormalisationsTheIdentityAndClearsBiasesWhereTorchvisionDoes) {
  for (const std::string row : {"resnet50", "two_i3d", "two_r3d18"}) {
    const auto model = make_model(row, {.class_count = 7, .spec = card(row).spec}, 3);
    for (const auto& layer : model->module().modules()) {
      const auto check = [](const auto* norm) {
        if (norm == nullptr) return;
        EXPECT_TRUE(torch::equal(norm->weight, torch::ones_like(norm->weight)));
        EXPECT_TRUE(torch::equal(norm->bias, torch::zeros_like(norm->bias)));
      };
      check(layer->as<nn::BatchNormImpl>());
    }
  }
  const auto vgg = make_model("vgg13", {.class_count = 7, .spec = card("vgg13").spec}, 3);
  for (const auto& item : vgg->module().named_parameters()) {
    if (item.value().dim() != 1) continue;
    EXPECT_EQ(item.value().abs().max().item<double>(), 0.0) << item.key();
  }
}

TEST(Initialisation, ReachesConvolutionsAndLinearLayersAtAnyDepth) {
  torch::manual_seed(5);
  torch::nn::Sequential inner(torch::nn::Conv3d(torch::nn::Conv3dOptions(4, 32, 3)),
                              torch::nn::Conv2d(torch::nn::Conv2dOptions(4, 64, 3)));
  torch::nn::ModuleList outer(inner, torch::nn::Linear(64, 64));
  initialise_convolutions(*outer);
  initialise_linear_layers(*outer);
  const auto parameters = outer->named_parameters();
  expect_start(parameters["0.0.weight"], {"0.0.weight", kaiming(32, 27)});
  expect_start(parameters["0.1.weight"], {"0.1.weight", kaiming(64, 9)});
  expect_start(parameters["1.weight"], {"1.weight", 0.01});
  for (const std::string name : {"0.0.bias", "0.1.bias", "1.bias"})
    EXPECT_EQ(parameters[name].abs().max().item<double>(), 0.0) << name;
}

}  // namespace
}  // namespace ferv::models
