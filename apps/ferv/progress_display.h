// SPDX-License-Identifier: Apache-2.0
// Shows log lines and progress on stderr: one live line on a terminal, a plain line now and then otherwise.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "ferv/base/progress.h"

namespace ferv::app {

/// Text that may quote a stranger's file, as one may show it: what a terminal takes for a command becomes
/// '?'.
[[nodiscard]] std::string shown(std::string text);

class ProgressDisplay {
 public:
  ProgressDisplay();
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void log(LogLevel level, std::string_view text);
  void progress(const ProgressEvent& event);

 private:
  using Clock = std::chrono::steady_clock;

  /// Shortened where it would be longer than `width`.
  [[nodiscard]] std::string describe(const ProgressEvent& event, std::size_t width);
  void erase_live_line();

  std::mutex mutex_;
  bool is_terminal_;
  bool live_line_shown_ = false;
  std::string task_;
  Clock::time_point task_start_;
  Clock::time_point last_shown_;
  std::uint64_t first_done_ = 0;
};

}  // namespace ferv::app
