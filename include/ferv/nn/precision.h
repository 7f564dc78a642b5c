// SPDX-License-Identifier: Apache-2.0
// Which number format convolutions and matrix products use; parameters, sums of squares and losses stay
// float32.
#pragma once

#include <torch/types.h>

#include <string_view>

namespace torch::nn {
class Module;
class Conv2dImpl;
}  // namespace torch::nn

namespace ferv::nn {

enum class Precision { kFloat32, kBFloat16, kFloat16 };

[[nodiscard]] std::string_view to_string(Precision precision) noexcept;  ///< "fp32", "bf16", "fp16"
/// "auto" gives fastest_precision() on the processor; on a GPU bf16, with LibTorch 1.13 fp16. Throws
/// kInvalidArgument for other words, kUnsupported for fp16 on a processor, which LibTorch has no convolutions
/// for.
[[nodiscard]] Precision precision_from_name(std::string_view name,
                                            torch::DeviceType device = torch::DeviceType::CPU);

/// bf16 where the processor multiplies it in hardware (AVX512_BF16 or AMX), else fp32: emulated bf16 is
/// slower.
[[nodiscard]] Precision fastest_precision();

/// Type of the factors of products on a device: float32, or what an AutocastScope around the caller says.
[[nodiscard]] torch::ScalarType product_type(torch::DeviceType device);

/// Autocast on a device for a scope. The weight cache is dropped at its end, so weights may change between
/// scopes.
class AutocastScope {
 public:
  explicit AutocastScope(Precision precision, torch::DeviceType device = torch::DeviceType::CPU);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  torch::DeviceType device_;
  bool was_enabled_ = false;
};

/// For inference in bf16 or fp16: puts the weights of convolutions and fully connected layers into the format
/// that an AutocastScope would convert them to in every call, and, on the processor, those of 2-D
/// convolutions into oneDNN's blocked layout, which it would reorder them to in every call: with
/// blocked_input() in front, all that lies between two convolutions stays in that layout. Recurrent layers
/// stay float32. Does nothing for fp32.
void store_weights_in(torch::nn::Module& module, Precision precision);

/// `pictures` [N, C, H, W] in the layout that `first`, the convolution that they go into, wants.
[[nodiscard]] torch::Tensor blocked_input(const torch::nn::Conv2dImpl& first, const torch::Tensor& pictures);

/// The same values in a plain layout.
[[nodiscard]] torch::Tensor plain_output(const torch::Tensor& maps);

}  // namespace ferv::nn
