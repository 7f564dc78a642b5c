// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/convolution.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "ferv/nn/precision.h"

namespace ferv::nn {
namespace {

struct Case {
  std::int64_t channels, out_channels, height, width, kernel, stride, padding;
};

constexpr Case kCases[] = {{8, 16, 2, 2, 3, 1, 1}, {8, 16, 4, 4, 3, 2, 1}, {3, 5, 7, 4, 3, 2, 1},
                           {4, 4, 5, 6, 3, 1, 0},  {6, 7, 9, 9, 7, 2, 3},  {5, 3, 3, 3, 1, 1, 0},
                           {2, 2, 1, 1, 3, 1, 1},  {3, 4, 8, 3, 5, 3, 2}};

/// bf16 values in the dtype asked for, so that both ways multiply the same numbers.
torch::Tensor random_values(torch::IntArrayRef sizes, torch::Dtype dtype) {
  return torch::randn(sizes).to(torch::kBFloat16).to(dtype).requires_grad_();
}

double relative_error(const torch::Tensor& value, const torch::Tensor& wanted) {
  return ((value.to(torch::kFloat64) - wanted).norm() / (wanted.norm() + 1e-30)).item<double>();
}

TEST(ConvolveAsProduct, EqualsTheDefinitionAndItsGradientsToTheRoundingOfBfloat16) {
  torch::manual_seed(1);
  for (const Case& c : kCases) {
    SCOPED_TRACE(testing::Message() << c.channels << " " << c.height << "x" << c.width << " kernel "
                                    << c.kernel << " stride " << c.stride << " padding " << c.padding);
    const torch::Tensor input = random_values({3, c.channels, c.height, c.width}, torch::kBFloat16);
    const torch::Tensor weight =
        random_values({c.out_channels, c.channels, c.kernel, c.kernel}, torch::kFloat32);
    const torch::Tensor input64 = input.detach().to(torch::kFloat64).requires_grad_();
    const torch::Tensor weight64 = weight.detach().to(torch::kFloat64).requires_grad_();

    const torch::Tensor wanted = torch::conv2d(input64, weight64, {}, c.stride, c.padding);
    const torch::Tensor out = convolve_as_product(input, weight, c.stride, c.padding);
    ASSERT_EQ(out.sizes(), wanted.sizes());
    EXPECT_EQ(out.scalar_type(), torch::kBFloat16);
    EXPECT_TRUE(out.is_contiguous(torch::MemoryFormat::ChannelsLast));
    EXPECT_LT(relative_error(out.detach(), wanted.detach()), 0.004);

    const torch::Tensor gradient = torch::randn_like(wanted).to(torch::kBFloat16);
    wanted.backward(gradient.to(torch::kFloat64));
    out.backward(gradient);
    EXPECT_LT(relative_error(input.grad(), input64.grad()), 0.01);
    EXPECT_LT(relative_error(weight.grad(), weight64.grad()), 0.01);
    EXPECT_EQ(weight.grad().scalar_type(), torch::kFloat32);
  }
}

TEST(ConvolveAsProduct, TakesAnyMemoryLayout) {
  torch::manual_seed(2);
  const torch::Tensor input = torch::randn({2, 8, 4, 4}).to(torch::kBFloat16);
  const torch::Tensor weight = torch::randn({6, 8, 3, 3});
  const torch::Tensor plain = convolve_as_product(input, weight, 1, 1);
  const torch::Tensor other = convolve_as_product(input.contiguous(torch::MemoryFormat::ChannelsLast),
                                                  weight.contiguous(torch::MemoryFormat::ChannelsLast), 1, 1);
  EXPECT_TRUE(torch::equal(plain, other));
}

TEST(Convolve, IsTheLayerItselfInFloat32) {
  torch::nn::Conv2d layer(torch::nn::Conv2dOptions(8, 512, 3).padding(1).bias(false));
  const torch::Tensor input = torch::randn({2, 8, 2, 2});
  EXPECT_TRUE(torch::equal(convolve(*layer, input), layer->forward(input)));
}

TEST(Convolve, GivesTheTypeAndNearlyTheValuesOfTheLayerUnderAutocast) {
  for (const std::int64_t edge_px : {2, 4, 9}) {
    torch::nn::Conv2d layer(torch::nn::Conv2dOptions(16, 512, 3).padding(1).bias(false));
    const torch::Tensor input = torch::randn({2, 16, edge_px, edge_px});
    const AutocastScope autocast(Precision::kBFloat16);
    const torch::Tensor wanted = layer->forward(input);
    const torch::Tensor out = convolve(*layer, input);
    EXPECT_EQ(out.scalar_type(), wanted.scalar_type());
    EXPECT_LT(relative_error(out.detach(), wanted.detach().to(torch::kFloat64)), 0.004);
  }
}

}  // namespace
}  // namespace ferv::nn
