// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/model_files.h"

#include <torch/torch.h>

#include "ferv/base/error.h"
#include "ferv/data/labels.h"
#include "ferv/training/evaluator.h"
#include "ferv/weights/named_tensors.h"
#include "model_metadata.h"

namespace ferv::training {

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
  ModelMetadata metadata;
  metadata.model = model_id;
  metadata.classes.assign(classes.begin(), classes.end());
  metadata.spec = spec;
  metadata.training_data = "none: fresh weights, seed " + std::to_string(seed);
  weights::NamedTensors tensors = weights::state_of(model->module());
  tensors.metadata = to_metadata(metadata);
  weights::write_safetensors(path, tensors);
}

NpyArray logits_of(const LogitsRequest& request, const std::vector<NpyArray>& streams) {
  const LoadedModel loaded = load_model(request.weights);
  if (!request.model.empty() && request.model != loaded.id) {
    throw incompatible(request.weights.string() + ": weights of " + loaded.id + ", wanted " +
                       models::card(request.model).id);
  }
  std::vector<torch::Tensor> inputs;
  for (const NpyArray& stream : streams) {
    inputs.push_back(
        torch::from_blob(const_cast<float*>(stream.values.data()), stream.shape, torch::kFloat32));
  }
  const c10::InferenceMode inference;
  loaded.model->module().eval();
  torch::Tensor logits;
  {
    const nn::AutocastScope autocast(request.precision);
    logits = loaded.model->forward(inputs).contiguous();
  }
  const float* values = logits.data_ptr<float>();
  return {logits.sizes().vec(), {values, values + logits.numel()}};
}

}  // namespace ferv::training
