// SPDX-License-Identifier: Apache-2.0
#include "window_batch.h"

#include "ferv/base/error.h"

namespace ferv::inference {

void WindowBatch::add(std::span<const PendingRowHandle> rows) {
  for (const int position : window_frames(static_cast<int>(rows.size()), model_.sampling)) {
    const auto& crop = rows[static_cast<std::size_t>(position)]->crop;
    pixels_.insert(pixels_.end(), crop.begin(), crop.end());
  }
  for (const PendingRowHandle& row : rows) ++row->asked;
  waiting_.emplace_back(rows.begin(), rows.end());
  if (waiting_.size() >= batch_size_) flush();
}

void WindowBatch::flush() {
  if (waiting_.empty()) return;
  const std::size_t class_count = model_.class_count;
  const std::vector<double> probabilities = model_.predict(pixels_, waiting_.size());
  if (probabilities.size() != waiting_.size() * class_count)
    throw internal_error("a model gave another number of probabilities than asked for");
  for (std::size_t w = 0; w < waiting_.size(); ++w) {
    for (const PendingRowHandle& row : waiting_[w]) {
      row->sums.resize(class_count);
      for (std::size_t k = 0; k < class_count; ++k) row->sums[k] += probabilities[w * class_count + k];
      ++row->answered;
    }
  }
  waiting_.clear();
  pixels_.clear();
}

}  // namespace ferv::inference
