// SPDX-License-Identifier: Apache-2.0
#include "face_run.h"

#include <algorithm>

namespace ferv::inference {
namespace {

/// Time stamps are rounded to the container's clock; a window must not lose or gain a frame by that.
constexpr double kClockSlackS = 1e-4;

}  // namespace

double FaceRun::time_of(std::int64_t frame) const {
  return rows_[static_cast<std::size_t>(frame - first_)]->row.timestamp_s;
}

std::int64_t FaceRun::end_frame() const {
  return first_ + static_cast<std::int64_t>(rows_.size());
}

void FaceRun::push(const PendingRowHandle& row, WindowBatch& batch) {
  rows_.push_back(row);
  const double now_s = row->row.timestamp_s;
  while (next_begin_ < end_frame() && now_s >= time_of(next_begin_) + options_.window_s - kClockSlackS) {
    const std::int64_t begin = next_begin_;
    const double end_s = time_of(begin) + options_.window_s - kClockSlackS;
    std::int64_t end = begin + 1;
    while (time_of(end) < end_s) ++end;
    ask(begin, end, batch);
    last_begin_ = begin;
    next_begin_ = std::min(begin + options_.stride, end);
    settle_before(begin);
  }
}

void FaceRun::end(WindowBatch& batch) {
  const std::int64_t end = end_frame();
  if (covered_end_ < end) {
    // The last window ends with the run and reaches back as far as a window does, but not before the one
    // before it.
    const double begin_s = time_of(end - 1) - options_.window_s + kClockSlackS;
    std::int64_t begin = last_begin_.value_or(0);
    while (time_of(begin) <= begin_s) ++begin;
    ask(begin, end, batch);
  }
  settle_before(end);
}

void FaceRun::ask(std::int64_t begin, std::int64_t end, WindowBatch& batch) {
  const std::vector<PendingRowHandle> rows(rows_.begin() + (begin - first_), rows_.begin() + (end - first_));
  batch.add(rows);
  covered_end_ = end;
}

void FaceRun::settle_before(std::int64_t frame) {
  for (; first_ < frame; ++first_) {
    rows_.front()->settled = true;
    rows_.front()->forget_picture_if_final();
    rows_.pop_front();
  }
}

}  // namespace ferv::inference
