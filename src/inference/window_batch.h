// SPDX-License-Identifier: Apache-2.0
// Windows of all faces of a film on their way through the model together.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ferv/inference/timeline_builder.h"

namespace ferv::inference {

/// One face in one frame, whose row is not handed out yet.
struct PendingRow {
  TimelineRow row;
  std::vector<std::uint8_t> crop;  ///< [H, W, 3]; gone once no window will look at it any more
  std::vector<float> features;  ///< [D], of models that look at every frame by itself, once it was asked for
  std::vector<double> sums;     ///< [K], over the windows that have answered
  int answered = 0;
  int asked = 0;
  bool settled = false;  ///< no further window will hold it

  [[nodiscard]] bool is_final() const { return settled && answered == asked; }
  void forget_picture_if_final() {
    if (!is_final()) return;
    crop = {};
    features = {};
  }
};

using PendingRowHandle = std::shared_ptr<PendingRow>;

/// Collects windows and asks the model as soon as there are enough of them, whichever face they are of.
class WindowBatch {
 public:
  /// `model` must outlive this.
  WindowBatch(const WindowModel& model, std::size_t batch_size) : model_(model), batch_size_(batch_size) {}

  /// `rows`: the frames of one window, in order, with their crops.
  void add(std::span<const PendingRowHandle> rows);
  /// Asks for the windows that wait.
  void flush();

 private:
  /// Rows of one window, and those of them that the model is shown.
  struct Window {
    std::vector<PendingRowHandle> rows;
    std::vector<PendingRowHandle> shown;  ///< [T]
  };

  [[nodiscard]] std::vector<double> ask_for_clips() const;
  [[nodiscard]] std::vector<double> ask_for_features() const;
  void look_at_new_frames() const;

  const WindowModel& model_;
  std::size_t batch_size_;
  std::vector<Window> waiting_;
};

}  // namespace ferv::inference
