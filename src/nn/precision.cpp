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
bool is_enabled() {
  return at::autocast::is_autocast_enabled(at::kCPU);
}
void set_enabled(bool enabled) {
  at::autocast::set_autocast_enabled(at::kCPU, enabled);
  at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
}
#else
bool is_enabled() {
  return at::autocast::is_cpu_enabled();
}
void set_enabled(bool enabled) {
  at::autocast::set_cpu_enabled(enabled);
  at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
}
#endif

template <typename Layer>
Layer* store_in_bfloat16(torch::nn::Module& module) {
  auto* layer = dynamic_cast<Layer*>(&module);
  if (layer == nullptr) return nullptr;
  for (torch::Tensor* weights : {&layer->weight, &layer->bias}) {
    if (weights->defined()) weights->set_data(weights->to(torch::kBFloat16));
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
  return precision == Precision::kBFloat16 ? "bf16" : "fp32";
}

Precision precision_from_name(std::string_view name) {
  if (name == "auto") return fastest_precision();
  if (name == "fp32") return Precision::kFloat32;
  if (name == "bf16") return Precision::kBFloat16;
  throw invalid_argument("precision is '" + std::string(name) + "', wanted auto, fp32 or bf16");
}

Precision fastest_precision() {
  static const Precision kFastest = [] {
    const RuntimeFacts facts = runtime_facts();
    return facts.has_avx512_bf16 || facts.has_amx_bf16 ? Precision::kBFloat16 : Precision::kFloat32;
  }();
  return kFastest;
}

bool computes_in_bfloat16() {
  return is_enabled();
}

AutocastScope::AutocastScope(Precision precision) : was_enabled_(is_enabled()) {
  at::autocast::increment_nesting();
  set_enabled(precision == Precision::kBFloat16);
}

AutocastScope::~AutocastScope() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set_enabled(was_enabled_);
}

void store_weights_in(torch::nn::Module& module, Precision precision) {
  if (precision != Precision::kBFloat16) return;
  const torch::NoGradGuard no_grad;
  for (const auto& layer : module.modules()) {
    store_in_bfloat16<torch::nn::Conv3dImpl>(*layer);
    store_in_bfloat16<torch::nn::LinearImpl>(*layer);
    auto* convolution = store_in_bfloat16<torch::nn::Conv2dImpl>(*layer);
    if (convolution != nullptr && at::globalContext().userEnabledMkldnn()) store_blocked(*convolution);
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
