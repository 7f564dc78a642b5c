// SPDX-License-Identifier: Apache-2.0
// The processes of one job as a group: sums over all of them, values from the first, and what happens when
// one is lost.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/nn/rank_environment.h"

namespace at {
class Tensor;
}

namespace ferv::nn {

class ProcessGroup;

/// Every rank must make the same calls in the same order. With one process every call returns at once and
/// changes nothing. Calls throw kFailed, naming the rank to blame, when another rank has died, failed or not
/// come within the time-out; after that, and after announce_failure(), the group is of no use any more.
/// Not thread-safe.
class Communicator {
 public:
  /// One process: no network, no cost.
  Communicator();
  /// Meets all other ranks. `timeout_s`: how long a rank waits for the others, here and in every call. Throws
  /// kUnsupported in a build without Gloo when there is more than one rank; kFailed, naming the ranks that
  /// did not come.
  Communicator(const RankEnvironment& environment, double timeout_s);
  ~Communicator();
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  [[nodiscard]] int rank() const { return environment_.rank; }
  [[nodiscard]] int size() const { return environment_.size; }
  [[nodiscard]] bool is_alone() const { return environment_.size == 1; }
  [[nodiscard]] bool is_first() const { return environment_.rank == 0; }
  [[nodiscard]] const RankEnvironment& environment() const { return environment_; }

  /// Puts the sum over all ranks into each tensor of each rank: the same bits everywhere. Contiguous tensors.
  void sum(std::vector<at::Tensor> tensors);
  void sum(std::vector<double>& values);
  /// Puts rank 0's values into each tensor of each rank. Tensors without gaps, in the same memory order
  /// everywhere.
  void broadcast(const std::vector<at::Tensor>& tensors);
  void broadcast(std::vector<double>& values);
  /// Whether any rank says yes.
  [[nodiscard]] bool any(bool own);
  /// The texts of all ranks, by rank.
  [[nodiscard]] std::vector<std::string> gather(const std::string& text);

  /// Tells the other ranks why this one ends, for their error messages. The first call counts.
  void announce_failure(std::string_view reason) noexcept;
  /// Waits until every rank is here; then they may leave one by one. To be called at the end of a job that
  /// went well.
  void leave();

 private:
  RankEnvironment environment_;
  std::unique_ptr<ProcessGroup> group_;  ///< null with one process
};

/// Calls `work`. What it throws is announced to the other ranks, so that they end too, and thrown on.
template <typename Work>
auto announcing_failure(Communicator& communicator, Work&& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    communicator.announce_failure(error.what());
    throw;
  }
}

/// Threads a rank takes by itself: the processors that it may use, divided among the ranks that may use the
/// very same ones (launchers may have divided them already). The same number on every rank: rank 0's.
[[nodiscard]] int threads_for_rank(Communicator& communicator);

/// Whether this build can run more than one process.
[[nodiscard]] bool has_process_groups();

}  // namespace ferv::nn
