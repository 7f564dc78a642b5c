// SPDX-License-Identifier: Apache-2.0
// LibTorch's C++ modules have no hooks. The autograd graph of one forward pass tells as much: which operation
// took which parameter, in which order, and the shape that came out.
#include "ferv/models/summary.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/torch.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "ferv/base/error.h"
#include "ferv/nn/precision.h"

namespace ferv::models {
namespace {

using torch::autograd::Node;

/// The operation that takes a parameter, through the transpose that linear layers put in between.
using Users = std::unordered_map<const Node*, const Node*>;

/// For every node below `root` the node that takes its result. Of several, which only nodes between layers
/// and LSTMs' parameters have, the one that ran first.
Users users_below(Node* root) {
  Users users;
  std::unordered_set<const Node*> seen = {root};
  std::vector<const Node*> open = {root};
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    for (const torch::autograd::Edge& edge : node->next_edges()) {
      if (!edge.is_valid()) continue;
      const Node* below = edge.function.get();
      const Node*& user = users[below];
      if (user == nullptr || node->sequence_nr() < user->sequence_nr()) user = node;
      if (seen.insert(below).second) open.push_back(below);
    }
  }
  return users;
}

const Node* user_of(const torch::Tensor& parameter, const Users& users) {
  const auto found = users.find(torch::autograd::impl::grad_accumulator(parameter).get());
  if (found == users.end()) return nullptr;
  const Node* user = found->second;
  return user->name() == "TBackward0" ? users.at(user) : user;
}

std::int64_t product(const std::vector<std::int64_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
}

struct Usage {
  LayerSummary layer;
  std::uint64_t order = 0;
};

/// Kind and cost of a layer whose output is `layer.output_shape`.
void describe(torch::nn::Module& module, LayerSummary& layer) {
  const auto weight = module.named_parameters(/*recurse=*/false)["weight"];
  const std::int64_t inputs_per_output = weight.numel() / weight.size(0);
  if (module.as<torch::nn::Conv2dImpl>() != nullptr || module.as<torch::nn::Conv3dImpl>() != nullptr) {
    layer.kind = weight.dim() == 4 ? "conv2d" : "conv3d";
    layer.mac_count = product(layer.output_shape) * inputs_per_output;
  } else if (module.as<torch::nn::LinearImpl>() != nullptr) {
    layer.kind = "linear";
    layer.mac_count = product(layer.output_shape) * inputs_per_output;
  } else {
    layer.kind = "batch_norm";
  }
}

/// LSTMs are taken apart into steps before autograd sees them; what comes out follows from their options.
/// All of the zoo run over the frames of a clip.
void describe_lstm(const torch::nn::LSTMImpl& lstm, std::int64_t frame_count, LayerSummary& layer) {
  layer.kind = "lstm";
  layer.output_shape = {1, frame_count, lstm.options.hidden_size()};
  for (const auto& parameter : lstm.named_parameters(/*recurse=*/false)) {
    if (parameter.value().dim() == 2) layer.mac_count += frame_count * parameter.value().numel();
  }
}

Usage usage_of(const std::string& name, torch::nn::Module& module, const Users& users,
               std::int64_t frame_count) {
  const auto parameters = module.named_parameters(/*recurse=*/false);
  const Node* user = user_of(parameters.begin()->value(), users);
  if (user == nullptr) throw Error(ErrorKind::kInternal, name + ": no part of the forward pass");
  Usage usage;
  usage.layer.name = name;
  usage.order = user->sequence_nr();
  for (const auto& parameter : parameters) usage.layer.parameter_count += parameter.value().numel();
  if (const auto* lstm = dynamic_cast<torch::nn::LSTMImpl*>(&module)) {
    describe_lstm(*lstm, frame_count, usage.layer);
  } else {
    // The one public way to the shape in LibTorch 1.13.
    usage.layer.output_shape = user->input_metadata(0).zeros_like().sizes().vec();
    describe(module, usage.layer);
  }
  return usage;
}

torch::Tensor forward_zeros(Model& model) {
  const ClipSpec& spec = model.options().spec;
  const torch::Tensor clip = torch::zeros({1, 3, spec.frame_count, spec.height_px, spec.width_px},
                                          model.module().parameters().front().options());
  const std::vector<torch::Tensor> streams(static_cast<std::size_t>(model.stream_count()), clip);
  const torch::AutoGradMode with_graph(true);
  const nn::AutocastScope float32(nn::Precision::kFloat32, clip.device().type());
  return model.forward(streams);
}

}  // namespace

ModelSummary summarise(Model& model) {
  torch::nn::Module& module = model.module();
  const bool was_training = module.is_training();
  module.eval();
  const torch::Tensor logits = forward_zeros(model);
  module.train(was_training);
  const Users users = users_below(logits.grad_fn().get());
  std::vector<Usage> usages;
  for (const auto& item : module.named_modules(/*name_prefix=*/"", /*include_self=*/false)) {
    if (!item.value()->parameters(/*recurse=*/false).empty())
      usages.push_back(usage_of(item.key(), *item.value(), users, model.options().spec.frame_count));
  }
  std::stable_sort(usages.begin(), usages.end(),
                   [](const Usage& a, const Usage& b) { return a.order < b.order; });
  ModelSummary summary;
  for (Usage& usage : usages) {
    summary.parameter_count += usage.layer.parameter_count;
    summary.mac_count += usage.layer.mac_count;
    summary.activation_bytes += product(usage.layer.output_shape) * static_cast<std::int64_t>(sizeof(float));
    summary.layers.push_back(std::move(usage.layer));
  }
  return summary;
}

ModelSummary summarise(std::string_view id, const ModelOptions& options) {
  return summarise(*make_model(id, options, /*seed=*/0));
}

}  // namespace ferv::models
