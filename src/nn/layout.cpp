// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/layout.h"

#include <torch/torch.h>

#include <sstream>

#include "ferv/base/error.h"

namespace ferv::nn {

torch::Tensor normalise_clips(const torch::Tensor& pixels, const ClipSpec& spec) {
  const bool fits = pixels.dim() == 5 && pixels.scalar_type() == torch::kUInt8 &&
                    pixels.size(1) == spec.frame_count && pixels.size(2) == spec.height_px &&
                    pixels.size(3) == spec.width_px && pixels.size(4) == 3;
  if (!fits) {
    std::ostringstream found;
    found << pixels.sizes() << " " << pixels.scalar_type();
    throw incompatible("clips are " + found.str() + ", wanted uint8 [B, " + std::to_string(spec.frame_count) +
                       ", " + std::to_string(spec.height_px) + ", " + std::to_string(spec.width_px) + ", 3]");
  }
  torch::Tensor clips = pixels.to(torch::kFloat32);
  const bool is_plain =
      spec.mean == std::array<float, 3>{0, 0, 0} && spec.deviation == std::array<float, 3>{1, 1, 1};
  if (is_plain) {
    clips.mul_(1.0F / 255.0F);
  } else {
    std::array<float, 3> scale{};
    std::array<float, 3> shift{};
    for (std::size_t c = 0; c < 3; ++c) {
      scale[c] = 1.0F / (255.0F * spec.deviation[c]);
      shift[c] = -spec.mean[c] / spec.deviation[c];
    }
    const auto device = clips.device();
    clips.mul_(torch::tensor({scale[0], scale[1], scale[2]}).to(device));
    clips.add_(torch::tensor({shift[0], shift[1], shift[2]}).to(device));
  }
  return clips.permute({0, 4, 1, 2, 3});
}

torch::Tensor fold_frames(const torch::Tensor& clips) {
  // [B, C, T, H, W] -> [B, T, C, H, W] -> [B * T, C, H, W]: no copy when the memory is [B, T, H, W, C].
  return clips.permute({0, 2, 1, 3, 4}).flatten(0, 1).contiguous(torch::MemoryFormat::ChannelsLast);
}

torch::Tensor as_volumes(const torch::Tensor& clips) {
  return clips.is_cuda() ? clips : clips.contiguous();
}

torch::MemoryFormat convolution_layout(std::int64_t dimensions, torch::Device device) {
  if (dimensions == 4) return torch::MemoryFormat::ChannelsLast;
  return dimensions == 5 && device.is_cuda() ? torch::MemoryFormat::ChannelsLast3d
                                             : torch::MemoryFormat::Contiguous;
}

void use_channels_last(torch::nn::Module& module) {
  torch::NoGradGuard no_grad;
  for (auto& parameter : module.parameters()) {
    const torch::MemoryFormat layout = convolution_layout(parameter.dim(), parameter.device());
    if (!parameter.is_contiguous(layout)) parameter.set_data(parameter.contiguous(layout));
  }
}

}  // namespace ferv::nn
