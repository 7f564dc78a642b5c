// SPDX-License-Identifier: Apache-2.0
#include "batch_normalisation.h"

#include <torch/torch.h>

#include <limits>

#include "matchers.h"

namespace ferv::nn {
namespace {

/// What comes of normalisation, sum and ReLU: the output, then the gradients of input, weight, bias and
/// addend.
using Parts = std::vector<torch::Tensor>;

struct NormCase {
  torch::Tensor input;
  torch::Tensor addend;  ///< undefined: none
  bool is_rectified;
};

template <typename Run>
Parts parts_of(const NormCase& given, const Run& run) {
  const std::int64_t channels = given.input.size(1);
  const torch::Tensor input = given.input.clone().requires_grad_();
  const torch::Tensor weight = torch::linspace(-1, 2, channels).requires_grad_();
  const torch::Tensor bias = torch::linspace(-0.5, 0.5, channels).requires_grad_();
  torch::Tensor addend;
  if (given.addend.defined()) addend = given.addend.clone().requires_grad_();
  torch::manual_seed(8);
  const torch::Tensor output = run(input, weight, bias, addend);
  output.backward(torch::randn(output.sizes()).to(output.scalar_type()));
  Parts step{output, input.grad(), weight.grad(), bias.grad()};
  if (addend.defined()) step.push_back(addend.grad());
  return step;
}

Parts own_parts(const NormCase& given) {
  return parts_of(given, [&](const auto& input, const auto& weight, const auto& bias, const auto& addend) {
    return normalise_batch(input, batch_statistics(input), {weight, bias, 1e-5, addend, given.is_rectified});
  });
}

Parts parts_by_libtorch(const NormCase& given) {
  return parts_of(given, [&](const auto& input, const auto& weight, const auto& bias, const auto& addend) {
    torch::Tensor output =
        torch::batch_norm(input, weight, bias, {}, {}, /*training=*/true, 0.0, 1e-5, false);
    if (addend.defined()) output = output + addend;
    return given.is_rectified ? output.relu() : output;
  });
}

std::vector<torch::Tensor> inputs_of_every_kind() {
  torch::manual_seed(1);
  std::vector<torch::Tensor> inputs;
  for (const std::int64_t channels : {1, 3, 17, 64, 130}) {
    const torch::Tensor maps = torch::randn({4, channels, 9, 11}) * 2 + 1;
    const torch::Tensor volumes = torch::randn({2, channels, 3, 5, 6}) - 3;
    inputs.insert(inputs.end(), {maps, maps.contiguous(at::MemoryFormat::ChannelsLast), volumes,
                                 volumes.contiguous(at::MemoryFormat::ChannelsLast3d), volumes.flatten(2)});
  }
  // Neither plain nor channels-last; and maps of one pixel.
  inputs.push_back(torch::randn({6, 5, 4, 8}).permute({2, 3, 1, 0}));
  inputs.push_back(torch::randn({40, 8, 1, 1}));
  return inputs;
}

TEST(NormaliseBatch, IsLibTorchsNormalisationSumAndReluWithTheirGradients) {
  for (const torch::Tensor& input : inputs_of_every_kind()) {
    for (const bool is_rectified : {false, true}) {
      for (const torch::Tensor& addend : {torch::Tensor(), torch::randn_like(input)}) {
        const NormCase given{input, addend, is_rectified};
        const Parts own = own_parts(given);
        const Parts wanted = parts_by_libtorch(given);
        ASSERT_EQ(own.size(), wanted.size());
        for (std::size_t i = 0; i < own.size(); ++i) {
          EXPECT_TRUE(torch::allclose(own[i], wanted[i], 1e-4, 2e-4))
              << "part " << i << " of " << input.sizes() << ": " << (own[i] - wanted[i]).abs().max();
        }
      }
    }
  }
}

TEST(NormaliseBatch, InBfloat16RoundsOnceWhereFloat32Does) {
  torch::manual_seed(2);
  for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
    const torch::Tensor input = torch::randn({8, 24, 10, 10}).to(torch::kBFloat16).contiguous(format);
    const torch::Tensor addend = torch::randn({8, 24, 10, 10}).to(torch::kBFloat16).contiguous(format);
    const Parts own = own_parts({input, addend, true});
    const Parts exact = parts_by_libtorch({input.to(torch::kFloat32), addend.to(torch::kFloat32), true});
    EXPECT_EQ(own[0].scalar_type(), torch::kBFloat16);
    EXPECT_TRUE(own[0].is_contiguous(format));
    EXPECT_TRUE(torch::allclose(own[0].to(torch::kFloat32), exact[0], 1.0 / 256, 1e-6));
    for (std::size_t i = 1; i < own.size(); ++i) {
      const torch::Tensor difference = own[i].to(torch::kFloat32) - exact[i];
      EXPECT_LT(difference.norm().item<double>(), 1e-2 * exact[i].norm().item<double>()) << "part " << i;
    }
  }
}

TEST(BatchStatistics, KeepTheirDigitsFarFromZero) {
  torch::manual_seed(3);
  const torch::Tensor noise = torch::randn({64, 3, 20, 20}, torch::kFloat64);
  const torch::Tensor input = (noise + 1000).to(torch::kFloat32);
  for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
    const BatchStatistics found = batch_statistics(input.contiguous(format));
    const auto [variance, mean] =
        torch::var_mean(input.to(torch::kFloat64), torch::IntArrayRef{0, 2, 3}, false);
    EXPECT_EQ(found.count, 64 * 400);
    EXPECT_TRUE(torch::allclose(found.mean.to(torch::kFloat64), mean, 1e-7, 0.0));
    EXPECT_TRUE(torch::allclose(found.variance.to(torch::kFloat64), variance, 1e-5, 0.0));
  }
}

TEST(NormaliseBatch, GivesTheSameBitsOnAnyNumberOfThreads) {
  torch::manual_seed(4);
  const int threads_before = at::get_num_threads();
  for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
    const torch::Tensor input = torch::randn({16, 48, 28, 28}).contiguous(format);
    at::set_num_threads(1);
    const Parts alone = own_parts({input, input, true});
    at::set_num_threads(3);
    const Parts together = own_parts({input, input, true});
    for (std::size_t i = 0; i < alone.size(); ++i)
      EXPECT_TRUE(torch::equal(alone[i], together[i])) << "part " << i;
  }
  at::set_num_threads(threads_before);
}

TEST(NormaliseBatch, LetsThroughWhatIsNotANumber) {
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    torch::Tensor input = torch::randn({2, 3, 4, 4});
    input[1][1][2][2] = std::numeric_limits<float>::quiet_NaN();
    const torch::Tensor output = own_parts({input.to(type), {}, true})[0];
    EXPECT_TRUE(output.select(1, 1).isnan().all().item<bool>());
    EXPECT_FALSE(output.select(1, 0).isnan().any().item<bool>());
  }
}

}  // namespace
}  // namespace ferv::nn
