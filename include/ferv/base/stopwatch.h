// SPDX-License-Identifier: Apache-2.0
// Time that has passed, for rates and for what is due after a while.
#pragma once

#include <chrono>
#include <string>

namespace ferv {

/// Runs from its construction. Not a point in calendar time: unmoved by changes of the machine's clock.
class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
  }
  void restart() { begin_ = Clock::now(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

/// Adds the seconds from its construction to its end to a sum.
class TimedSection {
 public:
  explicit TimedSection(double& sum_s) : sum_s_(sum_s) {}
  ~TimedSection() { sum_s_ += watch_.seconds(); }
  TimedSection(const TimedSection&) = delete;
  TimedSection& operator=(const TimedSection&) = delete;

 private:
  double& sum_s_;
  Stopwatch watch_;
};

/// "3h12m", "5m12s" or "40s".
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace ferv
