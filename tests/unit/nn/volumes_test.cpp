// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/volumes.h"

#include <torch/torch.h>

#include "ferv/nn/precision.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

namespace F = torch::nn::functional;

std::vector<std::int64_t> list(const Extent& extent) {
  return {extent.begin(), extent.end()};
}

/// Values and the gradient of a weighted sum, by LibTorch's own operator and by ours.
void expect_same_as_max_pool3d(const torch::Tensor& input, const VolumePool& pool) {
  const torch::Tensor a = input.clone().requires_grad_();
  const torch::Tensor b = input.clone().requires_grad_();
  const torch::Tensor expected = torch::max_pool3d(a, list(pool.window), list(pool.stride),
                                                   list(pool.padding), /*dilation=*/1, pool.ceil_mode);
  const torch::Tensor output = max_pool(b, pool);
  ASSERT_EQ(output.sizes(), expected.sizes());
  EXPECT_TRUE(torch::equal(output, expected));
  const torch::Tensor weight = torch::rand_like(expected);
  (expected * weight).sum().backward();
  (output * weight).sum().backward();
  EXPECT_TRUE(torch::allclose(b.grad(), a.grad(), 1e-6, 1e-6));
}

TEST(MaxPool, EqualsMaxPool3dInValuesAndGradients) {
  torch::manual_seed(1);
  const torch::Tensor input = torch::randn({2, 3, 7, 9, 10});
  for (const VolumePool& pool : {
           VolumePool{{1, 2, 2}, {1, 2, 2}},
           VolumePool{{2, 2, 2}, {2, 2, 2}},
           VolumePool{{2, 2, 2}, {2, 2, 2}, {0, 1, 1}},
           VolumePool{{3, 3, 3}, {1, 1, 1}, {1, 1, 1}},
           VolumePool{{3, 3, 3}, {2, 2, 2}, {1, 0, 1}, true},
           VolumePool{{1, 3, 3}, {1, 2, 2}, {0, 0, 0}, true},
           VolumePool{{3, 1, 1}, {2, 1, 1}},
       }) {
    expect_same_as_max_pool3d(input, pool);
  }
}

TEST(MaxPool, TakesVolumesInAnyMemoryOrder) {
  torch::manual_seed(2);
  const torch::Tensor input = torch::randn({2, 6, 8, 8, 3}).permute({0, 4, 1, 2, 3});
  expect_same_as_max_pool3d(input, {{2, 2, 2}, {2, 2, 2}});
}

TEST(MaxPool, GivesATiesGradientToTheFirstOfTheWindowAsMaxPool3dDoes) {
  expect_same_as_max_pool3d(torch::ones({1, 2, 4, 4, 4}), {{2, 2, 2}, {2, 2, 2}});
}

TEST(MaxPool, ComputesInBFloat16) {
  torch::manual_seed(3);
  const torch::Tensor input = torch::randn({1, 2, 4, 6, 6}).to(torch::kBFloat16);
  const torch::Tensor output = max_pool(input, {{2, 2, 2}, {2, 2, 2}});
  EXPECT_EQ(output.scalar_type(), torch::kBFloat16);
  EXPECT_TRUE(torch::equal(output.to(torch::kFloat32), torch::max_pool3d(input.to(torch::kFloat32), 2)));
}

TEST(SamePadding, PutsTheOddZeroAtTheEnd) {
  const SamePadding padding = same_padding({16, 112, 7}, {7, 3, 2}, {2, 2, 2});
  EXPECT_EQ(padding.front, (Extent{2, 0, 0}));
  EXPECT_EQ(padding.back, (Extent{3, 1, 1}));
  EXPECT_FALSE(padding.is_symmetric());
  EXPECT_TRUE(same_padding({15, 15, 15}, {3, 3, 3}, {1, 1, 1}).is_symmetric());
}

TEST(MaxPoolSame, EqualsPaddingWithZerosForEverySize) {
  torch::manual_seed(4);
  for (std::int64_t size = 1; size <= 9; ++size) {
    const torch::Tensor input = torch::rand({1, 2, size, size + 1, size});
    for (const auto& [window, stride] : {std::pair<Extent, Extent>{{3, 3, 3}, {2, 2, 2}},
                                         {{2, 2, 2}, {2, 2, 2}},
                                         {{3, 3, 3}, {1, 1, 1}},
                                         {{1, 3, 3}, {1, 2, 2}}}) {
      const SamePadding padding = same_padding(extent_of(input), window, stride);
      const torch::Tensor padded =
          F::pad(input, F::PadFuncOptions({padding.front[2], padding.back[2], padding.front[1],
                                           padding.back[1], padding.front[0], padding.back[0]}));
      const torch::Tensor expected = torch::max_pool3d(padded, list(window), list(stride));
      const torch::Tensor output = max_pool_same(input, window, stride);
      EXPECT_TRUE(torch::equal(output, expected)) << size << ": " << output.sizes() << expected.sizes();
      for (std::int64_t i = 0; i < 3; ++i) {
        const auto axis = static_cast<std::size_t>(i);
        EXPECT_EQ(output.size(2 + i), (input.size(2 + i) + stride[axis] - 1) / stride[axis]);
      }
    }
  }
}

}  // namespace
}  // namespace ferv::nn
