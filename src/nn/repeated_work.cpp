// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/repeated_work.h"

#include <torch/torch.h>

#include <utility>

#include "ferv/base/error.h"

namespace ferv::nn {
namespace {

/// As many as PyTorch's own torch.cuda.make_graphed_callables() takes.
constexpr int kRehearsals = 3;

}  // namespace

RepeatedWork::RepeatedWork(Work work, std::unique_ptr<GraphRecorder> recorder)
    : work_(std::move(work)), recorder_(std::move(recorder)) {}

std::vector<torch::Tensor> RepeatedWork::operator()(const std::vector<torch::Tensor>& inputs) {
  if (recorder_ == nullptr) return work_(inputs);
  if (inputs_.empty()) {
    for (const torch::Tensor& input : inputs) inputs_.push_back(input.clone());
  } else if (!fits(inputs)) {
    return work_(inputs);
  }
  if (rehearsal_count_ < kRehearsals) {
    ++rehearsal_count_;
    std::vector<torch::Tensor> outputs;
    recorder_->rehearse([&] { outputs = work_(inputs); });
    return outputs;
  }
  {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs_[i].copy_(inputs[i], /*non_blocking=*/true);
  }
  if (!is_recorded_) record();
  recorder_->replay();
  return outputs_;
}

void RepeatedWork::forget() {
  rehearsal_count_ = 0;
  is_recorded_ = false;
  inputs_.clear();
  outputs_.clear();
}

bool RepeatedWork::fits(const std::vector<torch::Tensor>& inputs) const {
  return std::equal(inputs.begin(), inputs.end(), inputs_.begin(), inputs_.end(),
                    [](const torch::Tensor& given, const torch::Tensor& own) {
                      return given.sizes() == own.sizes() && given.scalar_type() == own.scalar_type();
                    });
}

void RepeatedWork::record() {
  outputs_.clear();
  recorder_->record([&] { outputs_ = work_(inputs_); });
  is_recorded_ = true;
}

#ifndef FERV_HAS_CUDA
std::unique_ptr<GraphRecorder> make_graph_recorder(torch::Device device) {
  throw unsupported("CUDA graphs are asked for on " + device.str() +
                    ", wanted a GPU: this build of ferv has a LibTorch without CUDA");
}
#endif

}  // namespace ferv::nn
