// SPDX-License-Identifier: Apache-2.0
// The part of a picture classifier that other networks start from: everything up to its features.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace torch::nn {
class Module;
}

namespace ferv::models {

/// forward(): float32 pictures [B, 3, H, W], normalised -> features [B, D].
class Backbone {
 public:
  virtual ~Backbone() = default;
  [[nodiscard]] virtual torch::Tensor forward(const torch::Tensor& pictures) = 0;
  /// Parameters and buffers under torchvision's names, without a classifier's `fc`.
  [[nodiscard]] virtual std::shared_ptr<torch::nn::Module> module() = 0;
  [[nodiscard]] virtual int feature_count() const = 0;
};

/// "resnet18" (D = 512) or "resnet50" (D = 2048) with fresh weights. Throws kInvalidArgument for other names.
[[nodiscard]] std::unique_ptr<Backbone> make_backbone(std::string_view id, std::uint64_t seed);

}  // namespace ferv::models
