// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/communicator.h"

#include <torch/torch.h>

#include <cstring>
#include <utility>

#include "ferv/base/error.h"
#include "process_group.h"

namespace ferv::nn {
namespace {

torch::Tensor tensor_over(std::vector<double>& values) {
  return torch::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, torch::kFloat64);
}

}  // namespace

Communicator::Communicator() = default;

Communicator::Communicator(const RankEnvironment& environment, double timeout_s) : environment_(environment) {
  if (!is_alone()) group_ = make_process_group(environment, timeout_s);
}

Communicator::~Communicator() = default;

void Communicator::sum(std::vector<at::Tensor> tensors) {
  if (group_) group_->sum(std::move(tensors));
}

void Communicator::sum(std::vector<double>& values) {
  if (group_) group_->sum({tensor_over(values)});
}

void Communicator::broadcast(const std::vector<at::Tensor>& tensors) {
  if (group_) group_->broadcast(tensors);
}

void Communicator::broadcast(std::vector<double>& values) {
  if (group_) group_->broadcast({tensor_over(values)});
}

bool Communicator::any(bool own) {
  std::vector<double> votes{own ? 1.0 : 0.0};
  sum(votes);
  return votes[0] > 0;
}

std::vector<std::string> Communicator::gather(const std::string& text) {
  if (is_alone()) return {text};
  const auto own = static_cast<std::size_t>(rank());
  std::vector<double> lengths(static_cast<std::size_t>(size()), 0.0);
  lengths[own] = static_cast<double>(text.size());
  sum(lengths);
  // Every rank writes its own part of a text that is zero elsewhere: the sum is all of them.
  std::int64_t total = 0;
  std::vector<std::int64_t> begins;
  for (const double length : lengths) {
    begins.push_back(total);
    total += static_cast<std::int64_t>(length);
  }
  std::vector<std::string> texts(lengths.size());
  if (total == 0) return texts;
  torch::Tensor joined = torch::zeros({total}, torch::kUInt8);
  auto* bytes = joined.data_ptr<std::uint8_t>();
  std::memcpy(bytes + begins[own], text.data(), text.size());
  sum({joined});
  for (std::size_t i = 0; i < texts.size(); ++i)
    texts[i].assign(reinterpret_cast<const char*>(bytes) + begins[i], static_cast<std::size_t>(lengths[i]));
  return texts;
}

void Communicator::announce_failure(std::string_view reason) noexcept {
  if (group_) group_->announce_failure(reason);
}

void Communicator::leave() {
  if (group_) group_->leave();
}

#ifndef FERV_HAS_GLOO
bool has_process_groups() {
  return false;
}

std::unique_ptr<ProcessGroup> make_process_group(const RankEnvironment& environment, double) {
  throw unsupported(environment.launcher + " started " + std::to_string(environment.size) +
                    " processes, but this build of ferv can only run one: it was built without Gloo; install "
                    "libgloo-dev and build again");
}
#endif

}  // namespace ferv::nn
