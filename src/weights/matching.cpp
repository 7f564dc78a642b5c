// SPDX-License-Identifier: Apache-2.0
// Weights of one network into another that shares a part of it.
#include <torch/torch.h>

#include <map>
#include <set>
#include <sstream>

#include "ferv/weights/named_tensors.h"

namespace ferv::weights {
namespace {

/// `name` without the leading word, and which word that was (0 = none, 1 = the first of `wrappers`, ...).
std::pair<std::string, std::size_t> unwrapped(const std::string& name,
                                              std::span<const std::string> wrappers) {
  for (std::size_t i = 0; i < wrappers.size(); ++i) {
    if (name.starts_with(wrappers[i])) return {name.substr(wrappers[i].size()), i + 1};
  }
  return {name, 0};
}

/// The tensors of a file, findable by whole and by unwrapped name.
class Candidates {
 public:
  Candidates(const NamedTensors& file, std::span<const std::string> wrappers) : wrappers_(wrappers) {
    std::map<std::string, std::size_t> ranks;
    for (std::size_t i = 0; i < file.tensors.size(); ++i) {
      const std::string& name = file.tensors[i].first;
      whole_[name] = i;
      const auto [bare, rank] = unwrapped(name, wrappers);
      const auto known = ranks.find(bare);
      if (known != ranks.end() && known->second <= rank) continue;
      ranks[bare] = rank;
      bare_[bare] = i;
    }
  }

  /// Position in the file of what could fill `name`, or -1.
  [[nodiscard]] std::ptrdiff_t find(const std::string& name) const {
    if (const auto found = whole_.find(name); found != whole_.end())
      return static_cast<std::ptrdiff_t>(found->second);
    const auto found = bare_.find(unwrapped(name, wrappers_).first);
    return found == bare_.end() ? -1 : static_cast<std::ptrdiff_t>(found->second);
  }

 private:
  std::span<const std::string> wrappers_;
  std::map<std::string, std::size_t> whole_;
  std::map<std::string, std::size_t> bare_;
};

}  // namespace

MatchReport load_matching(torch::nn::Module& module, const NamedTensors& tensors,
                          std::span<const std::string> wrappers) {
  const torch::NoGradGuard no_grad;
  const Candidates candidates(tensors, wrappers);
  MatchReport report;
  std::set<std::size_t> used;
  for (const auto& [name, own] : state_of(module).tensors) {
    const std::ptrdiff_t at = candidates.find(name);
    if (at < 0) {
      report.missing.push_back(name);
      continue;
    }
    const torch::Tensor& given = tensors.tensors[static_cast<std::size_t>(at)].second;
    used.insert(static_cast<std::size_t>(at));
    if (given.sizes() != own.sizes()) {
      std::ostringstream text;
      text << name << " is " << given.sizes() << ", wanted " << own.sizes();
      report.misshapen.push_back(text.str());
      continue;
    }
    torch::Tensor(own).copy_(given);
    report.matched.push_back(name);
  }
  for (std::size_t i = 0; i < tensors.tensors.size(); ++i) {
    if (!used.contains(i)) report.left_over.push_back(tensors.tensors[i].first);
  }
  return report;
}

}  // namespace ferv::weights
