// SPDX-License-Identifier: Apache-2.0
// Between a module's parameters and buffers and named tensors.
#include <torch/torch.h>

#include <map>
#include <sstream>

#include "ferv/base/error.h"
#include "ferv/weights/named_tensors.h"

namespace ferv::weights {
namespace {

/// "a, b, c and 5 more".
std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  return text;
}

}  // namespace

NamedTensors in_half_precision(const NamedTensors& tensors) {
  NamedTensors result;
  result.metadata = tensors.metadata;
  for (const auto& [name, tensor] : tensors.tensors) {
    const torch::Tensor half = tensor.is_floating_point() ? tensor.to(torch::kFloat16) : tensor;
    if (!half.isfinite().all().item<bool>())
      throw failed("tensor " + name + " has values over 65504, the most that float16 holds; wanted fp32");
    result.tensors.emplace_back(name, half);
  }
  return result;
}

NamedTensors state_of(const torch::nn::Module& module) {
  NamedTensors state;
  for (const auto& item : module.named_parameters()) state.tensors.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) state.tensors.emplace_back(item.key(), item.value());
  return state;
}

void load_state(torch::nn::Module& module, const NamedTensors& tensors) {
  std::map<std::string, const torch::Tensor*> given;
  for (const auto& [name, tensor] : tensors.tensors) given[name] = &tensor;
  const NamedTensors wanted = state_of(module);
  std::vector<std::string> missing;
  std::vector<std::string> misshapen;
  for (const auto& [name, tensor] : wanted.tensors) {
    const auto found = given.find(name);
    if (found == given.end()) {
      missing.push_back(name);
      continue;
    }
    if (found->second->sizes() != tensor.sizes()) {
      std::ostringstream text;
      text << name << " is " << found->second->sizes() << ", wanted " << tensor.sizes();
      misshapen.push_back(text.str());
    }
    given.erase(found);
  }
  std::vector<std::string> left_over;
  for (const auto& [name, tensor] : given) left_over.push_back(name);
  std::string problem;
  if (!missing.empty()) problem += "; missing " + list_of(missing);
  if (!misshapen.empty()) problem += "; " + list_of(misshapen);
  if (!left_over.empty()) problem += "; left over " + list_of(left_over);
  if (!problem.empty()) throw incompatible("weights do not fit the model" + problem);

  const torch::NoGradGuard no_grad;
  std::map<std::string, const torch::Tensor*> by_name;
  for (const auto& [name, tensor] : tensors.tensors) by_name[name] = &tensor;
  for (const auto& [name, tensor] : wanted.tensors) torch::Tensor(tensor).copy_(*by_name.at(name));
}

}  // namespace ferv::weights
