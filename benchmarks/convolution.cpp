// SPDX-License-Identifier: Apache-2.0
// One training step of ResNet-18's 3x3 convolutions, in bf16 on channels-last maps: oneDNN's direct kernels
// beside our matrix products. It says from which map size on products win (kSmallMapPixels in
// src/nn/convolution.cpp).
//   benchmarks/ferv_convolution_benchmark [images]
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "ferv/nn/convolution.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"

namespace {

struct Shape {
  std::int64_t channels, out_channels, edge_px, stride;
};

template <typename Step>
double best_ms(const Step& step) {
  double best = 1e9;
  for (int i = 0; i < 8; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    step();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count());
  }
  return best;
}

void measure(const Shape& shape, std::int64_t images) {
  torch::Tensor input = torch::randn({images, shape.channels, shape.edge_px, shape.edge_px})
                            .to(torch::kBFloat16)
                            .contiguous(torch::MemoryFormat::ChannelsLast)
                            .requires_grad_();
  torch::Tensor weight = torch::randn({shape.out_channels, shape.channels, 3, 3})
                             .contiguous(torch::MemoryFormat::ChannelsLast)
                             .requires_grad_();
  const auto run = [&](bool as_product) {
    const ferv::nn::AutocastScope autocast(ferv::nn::Precision::kBFloat16);
    const torch::Tensor out = as_product ? ferv::nn::convolve_as_product(input, weight, shape.stride, 1)
                                         : torch::conv2d(input, weight, {}, shape.stride, 1);
    out.backward(torch::ones_like(out));
    input.mutable_grad() = torch::Tensor();
    weight.mutable_grad() = torch::Tensor();
  };
  const double direct = best_ms([&] { run(false); });
  const double product = best_ms([&] { run(true); });
  fmt::print(
      "{:>4} -> {:>4} channels, map {:>2} px, stride {}: direct {:7.2f} ms, product {:7.2f} ms, ratio "
      "{:.2f}\n",
      shape.channels, shape.out_channels, shape.edge_px, shape.stride, direct, product, direct / product);
}

}  // namespace

int main(int argc, char** argv) {
  ferv::nn::configure_runtime({});
  const std::int64_t images = argc > 1 ? std::atoll(argv[1]) : 128;
  for (const Shape& shape :
       {Shape{512, 512, 2, 1}, Shape{256, 512, 4, 2}, Shape{512, 512, 3, 1}, Shape{512, 512, 4, 1},
        Shape{256, 256, 4, 1}, Shape{128, 256, 8, 2}, Shape{256, 512, 8, 2}, Shape{256, 256, 7, 1},
        Shape{256, 256, 8, 1}, Shape{128, 128, 8, 1}, Shape{128, 128, 14, 1}, Shape{64, 64, 16, 1}}) {
    measure(shape, images);
  }
}
