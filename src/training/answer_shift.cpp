// SPDX-License-Identifier: Apache-2.0
#include "answer_shift.h"

#include <torch/torch.h>

#include <utility>

namespace ferv::training {

AnswerShift::AnswerShift(torch::Tensor bias, const torch::Tensor& offsets) : bias_(std::move(bias)) {
  if (!offsets.defined()) return;
  const torch::NoGradGuard no_grad;
  saved_ = bias_.clone();
  bias_.add_(offsets.to(bias_.options()));
}

AnswerShift::~AnswerShift() {
  if (!saved_.defined()) return;
  const torch::NoGradGuard no_grad;
  bias_.copy_(saved_);
}

}  // namespace ferv::training
