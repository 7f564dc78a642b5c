// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/volumes.h"

#include <torch/torch.h>

#include <limits>

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

TEST(MaxPool, EqualsMaxPool3dOnRowsOfEveryLength) {
  torch::manual_seed(5);
  for (std::int64_t width = 3; width < 40; ++width) {
    const torch::Tensor input = torch::randn({1, 2, 3, 3, width});
    expect_same_as_max_pool3d(input, {{3, 3, 3}, {1, 1, 1}, {1, 1, 1}});
    expect_same_as_max_pool3d(input, {{1, 3, 3}, {1, 2, 2}, {0, 1, 1}, true});
    expect_same_as_max_pool3d(input, {{1, 2, 3}, {1, 1, 3}});
  }
}

TEST(MaxPool, KeepsWhatIsNotANumberAndTakesWindowsOfInfinity) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const torch::Tensor input =
      torch::tensor({1.0, nan, 2.0, 3.0, -infinity, -infinity, 0.0, nan}, torch::kFloat32)
          .view({1, 1, 1, 1, 8});
  const torch::Tensor output = max_pool(input, {{1, 1, 2}, {1, 1, 2}});
  EXPECT_TRUE(output[0][0][0][0][0].isnan().item<bool>());
  EXPECT_EQ(output[0][0][0][0][1].item<double>(), 3);
  EXPECT_EQ(output[0][0][0][0][2].item<double>(), -infinity);
  EXPECT_TRUE(output[0][0][0][0][3].isnan().item<bool>());
  expect_same_as_max_pool3d(torch::full({1, 1, 2, 4, 4}, -infinity), {{2, 2, 2}, {2, 2, 2}});
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

  const torch::Tensor leaf = input.clone().requires_grad_();
  const torch::Tensor exact = input.to(torch::kFloat32).requires_grad_();
  max_pool(leaf, {{3, 3, 3}, {2, 2, 2}, {1, 1, 1}}).sum().backward();
  torch::max_pool3d(exact, 3, 2, 1).sum().backward();
  EXPECT_TRUE(torch::equal(leaf.grad().to(torch::kFloat32), exact.grad()));
}

// Small whole numbers, so that there are ties and bf16 is exact.
TEST(MaxPool, EqualsMaxPool3dInBFloat16WithTiesOnRowsOfEveryLength) {
  torch::manual_seed(6);
  for (std::int64_t width = 3; width < 75; width += width < 40 ? 1 : 7) {
    const torch::Tensor numbers = torch::randint(-3, 4, {1, 2, 4, 5, width}).to(torch::kFloat32);
    for (const VolumePool& pool :
         {VolumePool{{3, 3, 3}, {1, 1, 1}, {1, 1, 1}}, VolumePool{{1, 3, 3}, {1, 2, 2}, {0, 1, 1}, true},
          VolumePool{{2, 2, 3}, {2, 2, 3}}}) {
      const torch::Tensor a = numbers.clone().requires_grad_();
      const torch::Tensor b = numbers.to(torch::kBFloat16).requires_grad_();
      const torch::Tensor expected = torch::max_pool3d(a, list(pool.window), list(pool.stride),
                                                       list(pool.padding), /*dilation=*/1, pool.ceil_mode);
      const torch::Tensor output = max_pool(b, pool);
      EXPECT_TRUE(torch::equal(output.to(torch::kFloat32), expected)) << width;
      expected.sum().backward();
      output.sum().backward();
      EXPECT_TRUE(torch::equal(b.grad().to(torch::kFloat32), a.grad())) << width;
    }
  }
}

TEST(MaxPool, TakesBothZerosForTheSame) {
  const torch::Tensor zeros = torch::tensor({-0.0, 0.0, 0.0, -0.0}).view({1, 1, 1, 1, 4});
  expect_same_as_max_pool3d(zeros, {{1, 1, 2}, {1, 1, 2}});
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
