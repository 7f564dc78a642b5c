// SPDX-License-Identifier: Apache-2.0
// Consecutive frames that show one face in one shot, cut into windows.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "window_batch.h"

namespace ferv::inference {

/// Keeps the frames of about one window. Frames are counted from the run's begin.
class FaceRun {
 public:
  explicit FaceRun(const WindowOptions& options) : options_(options) {}

  /// The next frame; asks for every window whose time is over with it.
  void push(const PendingRowHandle& row, WindowBatch& batch);
  /// Asks for a last window, if there are frames that none holds. Call once.
  void end(WindowBatch& batch);

 private:
  [[nodiscard]] double time_of(std::int64_t frame) const;
  [[nodiscard]] std::int64_t end_frame() const;
  void ask(std::int64_t begin, std::int64_t end, WindowBatch& batch);
  void settle_before(std::int64_t frame);

  WindowOptions options_;
  std::deque<PendingRowHandle> rows_;
  std::int64_t first_ = 0;                  ///< frame of rows_.front()
  std::int64_t next_begin_ = 0;             ///< where the next window starts
  std::optional<std::int64_t> last_begin_;  ///< where the last complete window started
  std::int64_t covered_end_ = 0;            ///< first frame that no window holds yet
};

}  // namespace ferv::inference
