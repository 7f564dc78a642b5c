// SPDX-License-Identifier: Apache-2.0
// Stands for a GPU's recorder where there is none.
#pragma once

#include <string>

#include "ferv/nn/repeated_work.h"

namespace ferv::test {

/// Keeps the work and calls it at each replay, and writes down what is asked of it: w(armed up), r(ecorded),
/// p(layed). Must not outlive `calls`.
class CallingRecorder : public nn::GraphRecorder {
 public:
  explicit CallingRecorder(std::string& calls) : calls_(calls) {}
  void rehearse(const std::function<void()>& work) override {
    calls_ += 'w';
    work();
  }
  void record(const std::function<void()>& work) override {
    calls_ += 'r';
    work();
    work_ = work;
  }
  void replay() override {
    calls_ += 'p';
    work_();
  }

 private:
  std::string& calls_;
  std::function<void()> work_;
};

}  // namespace ferv::test
