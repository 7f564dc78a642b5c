// SPDX-License-Identifier: Apache-2.0
#include "window_batch.h"

#include <algorithm>

#include "ferv/base/error.h"

namespace ferv::inference {

void WindowBatch::add(std::span<const PendingRowHandle> rows) {
  Window& window = waiting_.emplace_back();
  window.rows.assign(rows.begin(), rows.end());
  for (const int position : window_frames(static_cast<int>(rows.size()), model_.sampling))
    window.shown.push_back(rows[static_cast<std::size_t>(position)]);
  for (const PendingRowHandle& row : rows) ++row->asked;
  if (waiting_.size() >= batch_size_) flush();
}

std::vector<double> WindowBatch::ask_for_clips() const {
  std::vector<std::uint8_t> pixels;  // [waiting, T, H, W, 3]
  for (const Window& window : waiting_) {
    for (const PendingRowHandle& row : window.shown)
      pixels.insert(pixels.end(), row->crop.begin(), row->crop.end());
  }
  return model_.predict(pixels, waiting_.size());
}

void WindowBatch::look_at_new_frames() const {
  std::vector<PendingRow*> fresh;
  std::vector<std::uint8_t> pixels;  // [fresh, H, W, 3]
  for (const Window& window : waiting_) {
    for (const PendingRowHandle& row : window.shown) {
      // Windows overlap, and a short one shows its last frame several times.
      if (!row->features.empty() || std::find(fresh.begin(), fresh.end(), row.get()) != fresh.end()) continue;
      fresh.push_back(row.get());
      pixels.insert(pixels.end(), row->crop.begin(), row->crop.end());
    }
  }
  if (fresh.empty()) return;
  const std::vector<float> features = model_.frame_features(pixels, fresh.size());
  if (features.empty() || features.size() % fresh.size() != 0)
    throw internal_error("a model gave another number of features than asked for");
  const std::size_t width = features.size() / fresh.size();
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const auto first = features.begin() + static_cast<std::ptrdiff_t>(i * width);
    fresh[i]->features.assign(first, first + static_cast<std::ptrdiff_t>(width));
    fresh[i]->crop = {};
  }
}

std::vector<double> WindowBatch::ask_for_features() const {
  look_at_new_frames();
  std::vector<float> features;  // [waiting, T, D]
  for (const Window& window : waiting_) {
    for (const PendingRowHandle& row : window.shown)
      features.insert(features.end(), row->features.begin(), row->features.end());
  }
  return model_.predict_features(features, waiting_.size());
}

void WindowBatch::flush() {
  if (waiting_.empty()) return;
  const std::size_t class_count = model_.class_count;
  const std::vector<double> probabilities = model_.frame_features ? ask_for_features() : ask_for_clips();
  if (probabilities.size() != waiting_.size() * class_count)
    throw internal_error("a model gave another number of probabilities than asked for");
  for (std::size_t w = 0; w < waiting_.size(); ++w) {
    for (const PendingRowHandle& row : waiting_[w].rows) {
      row->sums.resize(class_count);
      for (std::size_t k = 0; k < class_count; ++k) row->sums[k] += probabilities[w * class_count + k];
      ++row->answered;
      row->forget_picture_if_final();
    }
  }
  waiting_.clear();
}

}  // namespace ferv::inference
