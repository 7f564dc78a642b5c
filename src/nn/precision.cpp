// SPDX-License-Identifier: Apache-2.0
// The version-dependent calls of autocast stand here and nowhere else.
#include "ferv/nn/precision.h"

#include <ATen/autocast_mode.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <string>

#include "ferv/base/error.h"
#include "ferv/nn/runtime.h"

namespace ferv::nn {
namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool is_enabled(at::DeviceType device) {
  return at::autocast::is_autocast_enabled(device);
}
void set_enabled(at::DeviceType device, bool enabled) {
  at::autocast::set_autocast_enabled(device, enabled);
}
at::ScalarType type_on(at::DeviceType device) {
  return at::autocast::get_autocast_dtype(device);
}
void set_type(at::DeviceType device, at::ScalarType type) {
  at::autocast::set_autocast_dtype(device, type);
}
#else
bool is_enabled(at::DeviceType device) {
  return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}
void set_enabled(at::DeviceType device, bool enabled) {
  device == at::kCPU ? at::autocast::set_cpu_enabled(enabled) : at::autocast::set_enabled(enabled);
}
at::ScalarType type_on(at::DeviceType device) {
  return device == at::kCPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}
void set_type(at::DeviceType device, at::ScalarType type) {
  device == at::kCPU ? at::autocast::set_autocast_cpu_dtype(type)
                     : at::autocast::set_autocast_gpu_dtype(type);
}
#endif

// Without the interface of cuDNN 8, which LibTorch 1.13 takes only when told, no convolution of bf16 reaches
// cuDNN.
constexpr Precision kFastestOfGpus = TORCH_VERSION_MAJOR >= 2 ? Precision::kBFloat16 : Precision::kFloat16;

at::ScalarType type_of(Precision precision) {
  switch (precision) {
    case Precision::kBFloat16:
      return at::kBFloat16;
    case Precision::kFloat16:
      return at::kHalf;
    case Precision::kFloat32:
      break;
  }
  return at::kFloat;
}

template <typename Layer>
Layer* store_as(at::ScalarType type, torch::nn::Module& module) {
  auto* layer = dynamic_cast<Layer*>(&module);
  if (layer == nullptr) return nullptr;
  for (torch::Tensor* weights : {&layer->weight, &layer->bias}) {
    if (weights->defined()) weights->set_data(weights->to(type));
  }
  return layer;
}

void store_blocked(torch::nn::Conv2dImpl& layer) {
  const auto* padding = get_if<torch::ExpandingArray<2>>(&layer.options.padding());
  if (padding == nullptr) return;  // given by a word: no network of the zoo does
  // Other kinds of tensors than the registered ones: the module's state stays what it was, in bf16.
  layer.weight = at::mkldnn_reorder_conv2d_weight(layer.weight.contiguous().to_mkldnn(), **padding,
                                                  *layer.options.stride(), *layer.options.dilation(),
                                                  layer.options.groups());
  if (layer.bias.defined()) layer.bias = layer.bias.to_mkldnn();
}

}  // namespace

std::string_view to_string(Precision precision) noexcept {
  switch (precision) {
    case Precision::kBFloat16:
      return "bf16";
    case Precision::kFloat16:
      return "fp16";
    case Precision::kFloat32:
      break;
  }
  return "fp32";
}

Precision precision_from_name(std::string_view name, torch::DeviceType device) {
  const bool is_processor = device == torch::kCPU;
  if (name == "auto") return is_processor ? fastest_precision() : kFastestOfGpus;
  if (name == "fp32") return Precision::kFloat32;
  if (name == "bf16") return Precision::kBFloat16;
  if (name == "fp16") {
    if (is_processor) throw unsupported("precision is fp16 on a processor, wanted fp32, bf16 or a GPU");
    return Precision::kFloat16;
  }
  throw invalid_argument("precision is '" + std::string(name) + "', wanted auto, fp32, bf16 or fp16");
}

Precision fastest_precision() {
  static const Precision kFastest = [] {
    const RuntimeFacts facts = runtime_facts();
    return facts.has_avx512_bf16 || facts.has_amx_bf16 ? Precision::kBFloat16 : Precision::kFloat32;
  }();
  return kFastest;
}

torch::ScalarType product_type(torch::DeviceType device) {
  return is_enabled(device) ? type_on(device) : torch::kFloat32;
}

AutocastScope::AutocastScope(Precision precision, torch::DeviceType device)
    : device_(device), was_enabled_(is_enabled(device)) {
  at::autocast::increment_nesting();
  set_enabled(device, precision != Precision::kFloat32);
  if (precision != Precision::kFloat32) set_type(device, type_of(precision));
}

AutocastScope::~AutocastScope() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set_enabled(device_, was_enabled_);
}

void store_weights_in(torch::nn::Module& module, Precision precision) {
  if (precision == Precision::kFloat32) return;
  const torch::NoGradGuard no_grad;
  const at::ScalarType type = type_of(precision);
  for (const auto& layer : module.modules()) {
    store_as<torch::nn::Conv3dImpl>(type, *layer);
    store_as<torch::nn::LinearImpl>(type, *layer);
    auto* convolution = store_as<torch::nn::Conv2dImpl>(type, *layer);
    if (convolution != nullptr && convolution->weight.is_cpu() && at::globalContext().userEnabledMkldnn())
      store_blocked(*convolution);
  }
}

torch::Tensor blocked_input(const torch::nn::Conv2dImpl& first, const torch::Tensor& pictures) {
  if (!first.weight.is_mkldnn()) return pictures;
  return pictures.to(torch::kBFloat16).contiguous().to_mkldnn();
}

torch::Tensor plain_output(const torch::Tensor& maps) {
  return maps.is_mkldnn() ? maps.to_dense() : maps;
}

}  // namespace ferv::nn
