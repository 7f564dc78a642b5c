// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/convolution.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <cstring>
#include <vector>

#include "ferv/nn/precision.h"

namespace ferv::nn {
namespace {

using at::BFloat16;

/// Output pixels up to which a product is faster, measured by benchmarks/convolution.cpp for 128 and 512
/// images. Few filters at stride 1 lose their gain to the writing of the columns sooner.
constexpr std::int64_t kSmallMapPixels = 4;
constexpr std::int64_t kSmallMapPixelsOfWideLayers = 16;
constexpr std::int64_t kWideLayerChannels = 512;

/// The sizes of one convolution; maps are [N, H, W, C] in memory.
struct Geometry {
  std::int64_t map_count, height, width, channels;
  std::int64_t kernel_height, kernel_width, stride, padding;
  std::int64_t out_height, out_width;

  [[nodiscard]] std::int64_t pixels_out() const { return out_height * out_width; }
  [[nodiscard]] std::int64_t column_size() const { return kernel_height * kernel_width * channels; }

  /// Calls visit(place in the column matrix of one map, pixel of the map or -1 outside of it) for all of
  /// them.
  template <typename Visit>
  void for_each_tap(const Visit& visit) const {
    std::int64_t place = 0;
    for (std::int64_t y = 0; y < out_height; ++y) {
      for (std::int64_t x = 0; x < out_width; ++x) {
        for (std::int64_t ky = 0; ky < kernel_height; ++ky) {
          for (std::int64_t kx = 0; kx < kernel_width; ++kx, ++place) {
            const std::int64_t row = y * stride + ky - padding;
            const std::int64_t column = x * stride + kx - padding;
            const bool is_inside = row >= 0 && row < height && column >= 0 && column < width;
            visit(place * channels, is_inside ? (row * width + column) * channels : -1);
          }
        }
      }
    }
  }
};

Geometry geometry_of(torch::IntArrayRef input, torch::IntArrayRef weight, std::int64_t stride,
                     std::int64_t padding) {
  Geometry size{input[0], input[2], input[3], input[1], weight[2], weight[3], stride, padding, 0, 0};
  size.out_height = (size.height + 2 * padding - size.kernel_height) / stride + 1;
  size.out_width = (size.width + 2 * padding - size.kernel_width) / stride + 1;
  return size;
}

torch::Tensor channels_last_memory(const torch::Tensor& maps) {
  return maps.permute({0, 2, 3, 1}).contiguous();
}

/// bf16 [N * H' * W', h * w * C]: what each output pixel sees, zero outside the map.
torch::Tensor gather_columns(const torch::Tensor& maps, const Geometry& size) {
  torch::Tensor columns =
      torch::empty({size.map_count * size.pixels_out(), size.column_size()}, maps.options());
  const auto* from = maps.data_ptr<BFloat16>();
  auto* to = columns.data_ptr<BFloat16>();
  const std::size_t pixel_bytes = static_cast<std::size_t>(size.channels) * sizeof(BFloat16);
  at::parallel_for(0, size.map_count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) {
      const BFloat16* map = from + n * size.height * size.width * size.channels;
      BFloat16* rows = to + n * size.pixels_out() * size.column_size();
      size.for_each_tap([&](std::int64_t place, std::int64_t pixel) {
        if (pixel < 0) {
          std::memset(static_cast<void*>(rows + place), 0, pixel_bytes);
        } else {
          std::memcpy(static_cast<void*>(rows + place), map + pixel, pixel_bytes);
        }
      });
    }
  });
  return columns;
}

/// The transpose of gather_columns(): adds every tap to the pixel it came from. bf16 [N, H, W, C].
torch::Tensor scatter_columns(const torch::Tensor& columns, const Geometry& size) {
  torch::Tensor maps =
      torch::empty({size.map_count, size.height, size.width, size.channels}, columns.options());
  const auto* from = columns.data_ptr<BFloat16>();
  auto* to = maps.data_ptr<BFloat16>();
  const std::int64_t map_size = size.height * size.width * size.channels;
  at::parallel_for(0, size.map_count, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> sums(static_cast<std::size_t>(map_size));
    for (std::int64_t n = begin; n < end; ++n) {
      std::fill(sums.begin(), sums.end(), 0.0F);
      const BFloat16* rows = from + n * size.pixels_out() * size.column_size();
      size.for_each_tap([&](std::int64_t place, std::int64_t pixel) {
        if (pixel < 0) return;
        float* sum = sums.data() + pixel;
        const BFloat16* tap = rows + place;
        for (std::int64_t c = 0; c < size.channels; ++c) sum[c] += static_cast<float>(tap[c]);
      });
      BFloat16* map = to + n * map_size;
      for (std::int64_t i = 0; i < map_size; ++i) map[i] = BFloat16(sums[static_cast<std::size_t>(i)]);
    }
  });
  return maps;
}

/// bf16 [O, h * w * C]: no copy of the values' order when the weight lies channels-last.
torch::Tensor weight_matrix(const torch::Tensor& weight) {
  return weight.permute({0, 2, 3, 1}).to(torch::kBFloat16).contiguous().flatten(1);
}

class ProductConvolution : public torch::autograd::Function<ProductConvolution> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& input,
                               const torch::Tensor& weight, std::int64_t stride, std::int64_t padding) {
    const Geometry size = geometry_of(input.sizes(), weight.sizes(), stride, padding);
    const torch::Tensor columns = gather_columns(channels_last_memory(input), size);
    const torch::Tensor matrix = weight_matrix(weight);
    context->save_for_backward({columns, matrix});
    context->saved_data["input"] = input.sizes();
    context->saved_data["weight"] = weight.sizes();
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["weight_is_float32"] = weight.scalar_type() == torch::kFloat32;
    const torch::Tensor out = columns.mm(matrix.t());
    return out.view({size.map_count, size.out_height, size.out_width, -1}).permute({0, 3, 1, 2});
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& columns = saved[0];
    const torch::Tensor& matrix = saved[1];
    const std::vector<std::int64_t> weight_size = context->saved_data["weight"].toIntVector();
    const Geometry size =
        geometry_of(context->saved_data["input"].toIntVector(), weight_size,
                    context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt());
    const torch::Tensor gradient =
        channels_last_memory(gradients[0]).to(torch::kBFloat16).view({-1, weight_size[0]});
    torch::Tensor of_input;
    if (context->needs_input_grad(0))
      of_input = scatter_columns(gradient.mm(matrix), size).permute({0, 3, 1, 2});
    torch::Tensor of_weight;
    if (context->needs_input_grad(1)) {
      of_weight = gradient.t()
                      .mm(columns)
                      .view({weight_size[0], weight_size[2], weight_size[3], weight_size[1]})
                      .permute({0, 3, 1, 2});
      if (context->saved_data["weight_is_float32"].toBool()) of_weight = of_weight.to(torch::kFloat32);
    }
    return {of_input, of_weight, {}, {}};
  }
};

/// nullptr for padding given by a word ("same"). LibTorch's variant is c10's or std's by its version: found
/// by argument.
const torch::ExpandingArray<2>* padding_of(const torch::nn::Conv2dImpl& layer) {
  return get_if<torch::ExpandingArray<2>>(&layer.options.padding());
}

bool is_small_map(const torch::nn::Conv2dImpl& layer, const torch::Tensor& input) {
  const auto& options = layer.options;
  const std::int64_t stride = options.stride()->at(0);
  const auto* padding = padding_of(layer);
  if (padding == nullptr || input.dim() != 4 || input.size(1) != options.in_channels()) return false;
  if (options.groups() != 1 || options.dilation()->at(0) != 1) return false;
  if (options.stride()->at(1) != stride || (*padding)->at(0) != (*padding)->at(1)) return false;
  const Geometry size = geometry_of(input.sizes(), layer.weight.sizes(), stride, (*padding)->at(0));
  const bool is_wide = options.out_channels() >= kWideLayerChannels || stride > 1;
  return size.out_height > 0 && size.out_width > 0 && options.kernel_size()->at(0) > 1 &&
         size.pixels_out() <= (is_wide ? kSmallMapPixelsOfWideLayers : kSmallMapPixels);
}

}  // namespace

torch::Tensor convolve_as_product(const torch::Tensor& input, const torch::Tensor& weight,
                                  std::int64_t stride, std::int64_t padding) {
  return ProductConvolution::apply(input, weight, stride, padding);
}

torch::Tensor convolve(torch::nn::Conv2dImpl& layer, const torch::Tensor& input) {
  if (!input.device().is_cpu() || input.is_mkldnn() || product_type(torch::kCPU) != torch::kBFloat16 ||
      !is_small_map(layer, input))
    return layer.forward(input);
  const torch::Tensor maps = convolve_as_product(input.to(torch::kBFloat16), layer.weight,
                                                 layer.options.stride()->at(0), (*padding_of(layer))->at(0));
  return layer.bias.defined() ? maps + layer.bias.to(torch::kBFloat16).view({1, -1, 1, 1}) : maps;
}

}  // namespace ferv::nn
