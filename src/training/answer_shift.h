// SPDX-License-Identifier: Apache-2.0
// Answers of a trained network moved towards rare or frequent classes.
#pragma once

#include <torch/types.h>

namespace ferv::training {

/// While this lives, `bias` has `offsets` added to it; then it is what it was, bit for bit. Does nothing
/// without offsets (an undefined tensor).
class AnswerShift {
 public:
  AnswerShift(torch::Tensor bias, const torch::Tensor& offsets);
  ~AnswerShift();
  AnswerShift(const AnswerShift&) = delete;
  AnswerShift& operator=(const AnswerShift&) = delete;

 private:
  torch::Tensor bias_;
  torch::Tensor saved_;  ///< undefined: nothing was done
};

}  // namespace ferv::training
