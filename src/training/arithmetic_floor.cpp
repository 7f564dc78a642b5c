// SPDX-License-Identifier: Apache-2.0
#include "arithmetic_floor.h"

#include <torch/torch.h>

#include "ferv/models/summary.h"
#include "ferv/nn/layout.h"

namespace ferv::training {
namespace {

using Sizes = std::vector<std::int64_t>;

torch::Tensor noise(const Sizes& sizes, torch::Device device) {
  return torch::randn(sizes, device)
      .to(torch::kBFloat16)
      .contiguous(nn::convolution_layout(static_cast<std::int64_t>(sizes.size()), device));
}

/// Shapes of a convolution's input, from what comes out of it: the smallest input that gives it.
struct Geometry {
  Sizes input;
  Sizes output;
  Sizes stride;
  Sizes padding;
};

/// `output`: of one clip, [T, C, H, W] for 2-D layers that see frames by themselves, [1, C, T, H, W] for 3-D
/// ones.
template <typename Options>
Geometry geometry_of(const Options& options, const Sizes& output, std::int64_t batch_size) {
  Geometry geometry;
  geometry.output = output;
  geometry.output[0] *= batch_size;
  geometry.input = {geometry.output[0], options.in_channels()};
  // Found by its argument: a c10::variant in LibTorch 1, a std::variant in LibTorch 2.
  const auto* padding = get_if<std::decay_t<decltype(options.kernel_size())>>(&options.padding());
  for (std::size_t axis = 0; axis + 2 < output.size(); ++axis) {
    const std::int64_t stride = (*options.stride())[axis];
    const std::int64_t pad = padding != nullptr ? (**padding)[axis] : 0;
    geometry.stride.push_back(stride);
    geometry.padding.push_back(pad);
    geometry.input.push_back((output[axis + 2] - 1) * stride + (*options.kernel_size())[axis] - 2 * pad);
  }
  return geometry;
}

}  // namespace

ArithmeticFloor::ArithmeticFloor(models::Model& model, std::int64_t batch_size) {
  const auto modules = model.module().named_modules();
  const std::int64_t frame_count = model.options().spec.frame_count;
  const auto add_convolution = [&](const Geometry& geometry, const torch::Tensor& weight) {
    const torch::Tensor copy = weight.detach()
                                   .to(torch::kBFloat16)
                                   .contiguous(nn::convolution_layout(weight.dim(), weight.device()));
    convolutions_.push_back({noise(geometry.input, copy.device()), copy,
                             noise(geometry.output, copy.device()), geometry.stride, geometry.padding,
                             geometry.input[1] == 3});
  };
  const auto add_product = [&](std::int64_t rows, const torch::Tensor& weight, std::int64_t times) {
    products_.push_back({noise({rows, weight.size(1)}, weight.device()),
                         weight.detach().to(torch::kBFloat16).t(),
                         noise({rows, weight.size(0)}, weight.device()), times});
  };
  for (const models::LayerSummary& layer : models::summarise(model).layers) {
    const auto module = modules[layer.name];
    if (const auto* flat = module->as<torch::nn::Conv2dImpl>()) {
      add_convolution(geometry_of(flat->options, layer.output_shape, batch_size), flat->weight);
    } else if (const auto* volume = module->as<torch::nn::Conv3dImpl>()) {
      add_convolution(geometry_of(volume->options, layer.output_shape, batch_size), volume->weight);
    } else if (const auto* linear = module->as<torch::nn::LinearImpl>()) {
      std::int64_t rows = batch_size;
      for (std::size_t axis = 0; axis + 1 < layer.output_shape.size(); ++axis)
        rows *= layer.output_shape[axis];
      add_product(rows, linear->weight, 1);
    } else if (const auto* lstm = module->as<torch::nn::LSTMImpl>()) {
      // Inputs of all frames at once, what the frame before left behind frame by frame.
      for (const auto& parameter : lstm->named_parameters(/*recurse=*/false)) {
        if (parameter.value().dim() != 2) continue;
        const bool is_step = parameter.key().find("_hh_") != std::string::npos;
        add_product(is_step ? batch_size : batch_size * frame_count, parameter.value(),
                    is_step ? frame_count : 1);
      }
    }
  }
}

std::int64_t ArithmeticFloor::mac_count() const {
  std::int64_t count = 0;
  for (const Convolution& one : convolutions_)
    count += one.output_gradient.numel() * one.weight.numel() / one.weight.size(0);
  for (const Product& one : products_) count += one.times * one.input.size(0) * one.weight.numel();
  return count;
}

void ArithmeticFloor::run() {
  const torch::NoGradGuard no_graph;
  for (const Convolution& one : convolutions_) {
    const Sizes dilation(one.stride.size(), 1);
    const Sizes no_output_padding(one.stride.size(), 0);
    (void)at::convolution(one.input, one.weight, {}, one.stride, one.padding, dilation, /*transposed=*/false,
                          no_output_padding, /*groups=*/1);
    (void)at::convolution_backward(one.output_gradient, one.input, one.weight, at::OptionalIntArrayRef(),
                                   one.stride, one.padding, dilation, /*transposed=*/false, no_output_padding,
                                   /*groups=*/1, {!one.reads_clip, true, false});
  }
  for (const Product& one : products_) {
    for (std::int64_t i = 0; i < one.times; ++i) {
      (void)at::mm(one.input, one.weight);
      (void)at::mm(one.output_gradient, one.weight.t());
    }
    // The gradients of all steps' weights can be one product, over the rows of all of them.
    for (std::int64_t i = 0; i < one.times; ++i) (void)at::mm(one.input.t(), one.output_gradient);
  }
}

}  // namespace ferv::training
