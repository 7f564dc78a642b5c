// SPDX-License-Identifier: Apache-2.0
// What a Communicator of several processes stands on.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string_view>
#include <vector>

#include "ferv/nn/rank_environment.h"

namespace ferv::nn {

/// The calls of Communicator, for more than one rank.
class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;
  virtual void sum(std::vector<at::Tensor> tensors) = 0;
  virtual void broadcast(const std::vector<at::Tensor>& tensors) = 0;
  virtual void announce_failure(std::string_view reason) noexcept = 0;
  virtual void leave() = 0;
};

/// Throws kUnsupported in a build without Gloo.
[[nodiscard]] std::unique_ptr<ProcessGroup> make_process_group(const RankEnvironment& environment,
                                                               double timeout_s);

}  // namespace ferv::nn
