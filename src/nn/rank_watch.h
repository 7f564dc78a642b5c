// SPDX-License-Identifier: Apache-2.0
// Finds out which rank is to blame when the ranks of a job cannot go on together.
#pragma once

#include <torch/csrc/distributed/c10d/Store.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ferv/nn/rank_environment.h"

namespace ferv::nn {

/// A thread of each rank counts up a number in the store that all ranks share, many times a second, for as
/// long as its process lives. Nobody looks at these numbers until something goes wrong; then whose number
/// stands still has died, and of the living who has come to fewer exchanges is the one that the others waited
/// for.
class RankWatch {
 public:
  /// Meets the others through `store`; throws kFailed, naming the ranks that have not come after `timeout_s`.
  RankWatch(c10::intrusive_ptr<c10d::Store> store, const RankEnvironment& environment, double timeout_s);
  /// After trouble, the rank that serves the store waits until the others know whom to blame.
  ~RankWatch();
  RankWatch(const RankWatch&) = delete;
  RankWatch& operator=(const RankWatch&) = delete;

  /// Counts the exchanges that this rank has come to.
  void enter_exchange();
  /// Whether some rank has met trouble: what this one waits for will not come.
  [[nodiscard]] bool is_in_trouble() const;
  /// Tells the others why this rank ends. Never throws.
  void announce_failure(std::string_view reason) noexcept;
  /// To be called where an exchange has failed with `symptom`, or where this rank has waited in vain for the
  /// whole time-out. Says in one sentence which rank is to blame and why; takes some seconds.
  [[nodiscard]] std::string explain(const std::string& symptom, bool waited_in_vain);
  /// From here on it is no trouble that the others leave.
  void expect_the_end();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ferv::nn
