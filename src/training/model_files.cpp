// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/model_files.h"

#include <torch/torch.h>

#include "ferv/base/error.h"
#include "ferv/base/joined.h"
#include "ferv/data/labels.h"
#include "ferv/training/evaluator.h"
#include "ferv/weights/model_metadata.h"
#include "ferv/weights/named_tensors.h"

namespace ferv::training {
namespace {

LoadedModel load_requested(const LogitsRequest& request) {
  LoadedModel loaded = load_model(request.weights);
  if (!request.model.empty() && request.model != loaded.id) {
    throw incompatible(request.weights.string() + ": weights of " + loaded.id + ", wanted " +
                       models::card(request.model).id);
  }
  return loaded;
}

/// Views of the arrays, which must outlive them.
std::vector<torch::Tensor> as_tensors(const std::vector<NpyArray>& arrays) {
  std::vector<torch::Tensor> tensors;
  for (const NpyArray& array : arrays)
    tensors.push_back(
        torch::from_blob(const_cast<float*>(array.values.data()), array.shape, torch::kFloat32));
  return tensors;
}

torch::Tensor as_stored(const torch::Tensor& tensor) {
  return (tensor.scalar_type() == torch::kFloat64 ? tensor.to(torch::kFloat32) : tensor).contiguous();
}

void write_gradients(models::Model& model, std::vector<torch::Tensor> inputs, const LogitsRequest& request) {
  torch::nn::Module& module = model.module();
  if (request.gradients_in_float64) {
    module.to(torch::kFloat64);
    for (torch::Tensor& input : inputs) input = input.to(torch::kFloat64);
  }
  module.train();
  for (const auto& layer : module.modules()) {
    if (layer->as<torch::nn::DropoutImpl>() != nullptr) layer->eval();
  }
  torch::Tensor logits;
  {
    const nn::AutocastScope autocast(request.precision);
    logits = model.forward(inputs);
  }
  torch::nn::functional::cross_entropy(logits, torch::zeros({logits.size(0)}, torch::kLong)).backward();
  weights::NamedTensors result;
  for (const auto& item : module.named_parameters())
    result.tensors.emplace_back(item.key(), as_stored(item.value().grad()));
  for (const auto& item : module.named_buffers())
    result.tensors.emplace_back(item.key(), as_stored(item.value()));
  result.metadata = {{"content", "gradients and running statistics of one step"}};
  weights::write_safetensors(request.gradients, result);
}

/// Evaluation mode.
NpyArray logits_array(models::Model& model, const std::vector<torch::Tensor>& inputs,
                      nn::Precision precision) {
  const c10::InferenceMode inference;
  model.module().eval();
  const nn::AutocastScope autocast(precision);
  const torch::Tensor logits = model.forward(inputs).contiguous();
  const float* values = logits.data_ptr<float>();
  return {logits.sizes().vec(), {values, values + logits.numel()}};
}

}  // namespace

std::vector<ParameterGroup> parameter_groups(models::Model& model) {
  std::vector<ParameterGroup> groups;
  for (const auto& item : model.module().named_parameters()) {
    const std::string name = item.key().substr(0, item.key().find('.'));
    if (groups.empty() || groups.back().name != name) groups.push_back({.name = name});
    ++groups.back().tensor_count;
    groups.back().parameter_count += item.value().numel();
  }
  return groups;
}

void write_fresh_weights(const std::string& model_id, std::uint64_t seed, const std::filesystem::path& path) {
  const ClipSpec spec = models::card(model_id).spec;
  const auto classes = data::expression_names();
  const auto model =
      models::make_model(model_id, {.class_count = static_cast<int>(classes.size()), .spec = spec}, seed);
  weights::ModelMetadata metadata;
  metadata.model = model_id;
  metadata.classes.assign(classes.begin(), classes.end());
  metadata.spec = spec;
  metadata.sampling = weights::pairs_of(spec.frame_count);
  metadata.training_data = "none: fresh weights, seed " + std::to_string(seed);
  weights::NamedTensors tensors = weights::state_of(model->module());
  tensors.metadata = weights::to_metadata(metadata);
  weights::write_safetensors(path, tensors);
}

void convert_weights(const std::filesystem::path& from, const std::filesystem::path& to, WeightsFormat format,
                     bool half) {
  weights::NamedTensors file = weights::read_weights(from);
  if (half) file = weights::in_half_precision(file);
  format == WeightsFormat::kPth ? weights::write_pth(to, file) : weights::write_safetensors(to, file);
}

NpyArray logits_of(const LogitsRequest& request) {
  std::vector<NpyArray> streams;
  std::vector<std::string> names;
  for (const std::filesystem::path& input : request.inputs) {
    streams.push_back(read_npy(input));
    names.push_back(input.string());
  }
  const LoadedModel loaded = load_requested(request);
  const std::vector<torch::Tensor> inputs = as_tensors(streams);
  NpyArray logits;
  try {
    logits = logits_array(*loaded.model, inputs, request.precision);
  } catch (const Error& error) {
    throw Error(error.kind(), joined(names, ", ") + ": " + error.what());
  }
  if (!request.gradients.empty()) write_gradients(*loaded.model, inputs, request);
  return logits;
}

}  // namespace ferv::training
