// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/precision.h"

#include <torch/torch.h>
#include <torch/version.h>

#include "matchers.h"

namespace ferv::nn {
namespace {

torch::Dtype product_dtype() {
  return torch::mm(torch::ones({2, 2}), torch::ones({2, 2})).scalar_type();
}

TEST(AutocastScope, SwitchesProductsAndNestsAndEnds) {
  EXPECT_EQ(product_dtype(), torch::kFloat32);
  {
    const AutocastScope outer(Precision::kBFloat16);
    EXPECT_EQ(product_dtype(), torch::kBFloat16);
    {
      const AutocastScope inner(Precision::kFloat32);
      EXPECT_EQ(product_dtype(), torch::kFloat32);
    }
    EXPECT_EQ(product_dtype(), torch::kBFloat16);
  }
  EXPECT_EQ(product_dtype(), torch::kFloat32);
}

TEST(AutocastScope, SeesWeightsThatChangedBetweenScopes) {
  torch::Tensor weight = torch::ones({1, 1}).requires_grad_();
  const auto product = [&] {
    const AutocastScope scope(Precision::kBFloat16);
    return torch::mm(weight, torch::ones({1, 1})).item<float>();
  };
  EXPECT_EQ(product(), 1.0F);
  {
    const torch::NoGradGuard no_grad;
    weight.fill_(2.0F);
  }
  EXPECT_EQ(product(), 2.0F);
}

TEST(ProductType, IsThatOfTheScopeOnItsDeviceAlone) {
  EXPECT_EQ(product_type(torch::kCPU), torch::kFloat32);
  const AutocastScope scope(Precision::kFloat16, torch::kCUDA);
  EXPECT_EQ(product_type(torch::kCUDA), torch::kFloat16);
  EXPECT_EQ(product_type(torch::kCPU), torch::kFloat32);
  const AutocastScope on_processor(Precision::kBFloat16);
  EXPECT_EQ(product_type(torch::kCPU), torch::kBFloat16);
}

TEST(Precision, HasNames) {
  EXPECT_EQ(precision_from_name("bf16"), Precision::kBFloat16);
  EXPECT_EQ(precision_from_name("fp16", torch::kCUDA), Precision::kFloat16);
  EXPECT_EQ(precision_from_name("auto", torch::kCUDA),
            TORCH_VERSION_MAJOR < 2 ? Precision::kFloat16 : Precision::kBFloat16);
  EXPECT_EQ(precision_from_name("auto"), fastest_precision());
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("'fp8'"),
                     [] { (void)precision_from_name("fp8"); });
}

}  // namespace
}  // namespace ferv::nn
