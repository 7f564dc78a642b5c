// SPDX-License-Identifier: Apache-2.0
// A person who interrupts training, for tests.
#pragma once

#include <atomic>

#include "ferv/base/progress.h"

namespace ferv::test {

/// An observer that asks to stop after a number of training steps.
struct StopAfter {
  std::atomic<bool> stop{false};
  int steps = 0;
  Observer observer;

  explicit StopAfter(int limit) {
    observer.stop_requested = &stop;
    observer.progress_sink = [this, limit](const ProgressEvent& event) {
      if (event.task.starts_with("train") && ++steps >= limit) stop = true;
    };
  }
};

}  // namespace ferv::test
