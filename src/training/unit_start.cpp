// SPDX-License-Identifier: Apache-2.0
#include "unit_start.h"

#include <ATen/record_function.h>
#include <torch/torch.h>

#include <cmath>
#include <map>
#include <memory>
#include <string_view>

#include "evaluation_mode.h"

namespace ferv::training {
namespace {

constexpr double kSmallestDeviation = 1e-4;  // of a channel that says nothing: it is not blown up to noise

struct Layer {
  std::string name;
  torch::Tensor weight;  ///< [channels, ...]
  torch::Tensor bias;
};

/// Takes part in a forward pass: the library tells of every convolution and product before and after it, and
/// its output is put right before the next layer sees it.
class LayerObserver {
 public:
  explicit LayerObserver(torch::nn::Module& module) {
    for (const auto& child : module.named_modules()) {
      const auto parameters = child.value()->named_parameters(/*recurse=*/false);
      const torch::Tensor* weight = parameters.find("weight");
      const torch::Tensor* bias = parameters.find("bias");
      // Batch norms have vectors, recurrences other names.
      if (weight == nullptr || bias == nullptr || !bias->defined() || weight->dim() < 2) continue;
      // By its bias: the weight may reach the operation transposed.
      layer_of_.emplace(bias->unsafeGetTensorImpl(), Layer{child.key(), *weight, *bias});
    }
    current() = this;
    handle_ =
        at::addThreadLocalCallback(at::RecordFunctionCallback(&LayerObserver::before, &LayerObserver::after)
                                       .needsInputs(true)
                                       .needsOutputs(true)
                                       .scopes({at::RecordScope::FUNCTION}));
  }
  ~LayerObserver() {
    at::removeCallback(handle_);
    current() = nullptr;
  }
  LayerObserver(const LayerObserver&) = delete;
  LayerObserver& operator=(const LayerObserver&) = delete;

  /// What was seen, the last layer set to 0.
  std::vector<LayerOutputs> finish() {
    if (last_ != nullptr) {
      last_->weight.zero_();
      last_->bias.zero_();
      seen_.pop_back();
    }
    return std::move(seen_);
  }

 private:
  /// Carries the layer from the start of an operation to its end.
  struct OfLayer : at::ObserverContext {
    explicit OfLayer(const Layer* of) : layer(of) {}
    const Layer* layer;
  };

  static LayerObserver*& current() {
    thread_local LayerObserver* observer = nullptr;
    return observer;
  }

  static std::unique_ptr<at::ObserverContext> before(const at::RecordFunction& function) {
    const std::string_view name = function.name();
    // Each of them calls others of other names. A linear layer is `linear` or `addmm`, by the version of
    // LibTorch.
    if (name != "aten::convolution" && name != "aten::linear" && name != "aten::addmm") return nullptr;
    for (const c10::IValue& input : function.inputs()) {
      if (!input.isTensor()) continue;
      const auto found = current()->layer_of_.find(input.toTensor().unsafeGetTensorImpl());
      if (found != current()->layer_of_.end()) return std::make_unique<OfLayer>(&found->second);
    }
    return nullptr;
  }

  static void after(const at::RecordFunction& function, at::ObserverContext* context) {
    if (context == nullptr || function.outputs().empty()) return;
    const at::DisableRecordFunctionGuard own_work;
    current()->put_right(*static_cast<OfLayer*>(context)->layer, function.outputs()[0].toTensor());
  }

  void put_right(const Layer& layer, torch::Tensor output) {
    if (&layer == last_) return;  // `linear` has called `addmm`
    // Channels are the second dimension of maps and the last of vectors.
    const std::int64_t channel_dimension = layer.weight.dim() > 2 ? 1 : output.dim() - 1;
    const torch::Tensor channels = output.transpose(0, channel_dimension).flatten(1);
    const torch::Tensor mean = channels.mean(1);
    const torch::Tensor deviation = channels.std(1, /*unbiased=*/false);
    seen_.push_back({layer.name, mean.abs().mean().item<double>(), deviation.mean().item<double>()});
    const torch::Tensor scale = deviation.clamp_min(kSmallestDeviation);
    std::vector<std::int64_t> of_weight(static_cast<std::size_t>(layer.weight.dim()), 1);
    of_weight[0] = -1;
    layer.weight.div_(scale.view(of_weight));
    layer.bias.sub_(mean).div_(scale);
    std::vector<std::int64_t> of_output(static_cast<std::size_t>(output.dim()), 1);
    of_output[static_cast<std::size_t>(channel_dimension)] = -1;
    output.sub_(mean.view(of_output)).div_(scale.view(of_output));
    last_ = &layer;
  }

  std::map<const c10::TensorImpl*, Layer> layer_of_;
  std::vector<LayerOutputs> seen_;
  const Layer* last_ = nullptr;
  at::CallbackHandle handle_ = 0;
};

}  // namespace

std::vector<LayerOutputs> start_at_unit_scale(models::Model& model, const std::vector<torch::Tensor>& clips) {
  const torch::NoGradGuard no_gradients;
  const EvaluationMode without_dropout(model.module());
  LayerObserver observer(model.module());
  (void)model.forward(clips);
  return observer.finish();
}

}  // namespace ferv::training
